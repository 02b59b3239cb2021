"""The bounds of scheduling.md on a calendar's address, against a real server and the tricks that are played."""

import gzip
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from portal.agenda.busy_reading import Trouble, Unread
from portal.agenda.fetching import Fetcher, checked, is_public
from tests.agenda.calendar_server import NAME, Server, serving

ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("tls")) as one:
        yield one


def trouble(fetcher: Fetcher, url: str) -> Trouble:
    with pytest.raises(Unread) as refused:
        fetcher.fetch(url)
    assert url not in str(refused.value) and NAME not in str(refused.value)
    return refused.value.trouble


def test_a_calendar_is_fetched_and_its_mark_is_sent_back(server: Server) -> None:
    server.gives("/my.ics?token=a%20b", ICS, Content_Type="image/png", ETag='"v1"')
    found = server.fetcher().fetch(server.url("/my.ics?token=a%20b"))
    assert (found.content, found.etag) == (ICS, '"v1"')
    path, headers = server.asked[-1]
    assert (path, headers["Host"]) == ("/my.ics?token=a%20b", f"{NAME}:{server.port}")
    assert "Cookie" not in headers and "Authorization" not in headers and "If-None-Match" not in headers
    server.gives("/my.ics?token=a%20b", b"", 304)
    assert server.fetcher().fetch(server.url("/my.ics?token=a%20b"), '"v1"').content is None
    assert server.asked[-1][1]["If-None-Match"] == '"v1"'


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.org/a.ics", "file:///etc/passwd", "ftp://calendar.example.org/a", "gopher://x/", "/etc/passwd",
        "https://", "https:///a.ics", "https://me:secret@calendar.example.org/a.ics", "https://me@calendar.example.org/",
        "https://calendar.example.org:99999/", "https://calendar.example.org/a\r\nHost: other", "https://calendar.example.org/a b",
        "https://[::1", "javascript:alert(1)", "data:text/calendar,BEGIN:VCALENDAR", f"https://a.be/{'x' * 2000}",
    ],
)  # fmt: skip
def test_only_https_with_a_name_and_without_a_password_is_fetched_at_all(address: str) -> None:
    with pytest.raises(Unread) as refused:
        checked(address)
    assert refused.value.trouble is Trouble.REFUSED_ADDRESS


NOT_PUBLIC = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
    "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254",
    "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "::127.0.0.1", "not a number", "",
]  # fmt: skip


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_only_numbers_of_the_open_internet_are_called(number: str) -> None:
    assert not is_public(number, 443)


def test_a_public_number_is_called_on_the_port_of_https_only() -> None:
    assert is_public("93.184.216.34", 443) and is_public("2606:2800:220:1:248:1893:25c8:1946", 443)
    assert is_public("::ffff:93.184.216.34", 443)
    assert not is_public("93.184.216.34", 22) and not is_public("93.184.216.34", 8443)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_this_machine_is_not_called_by_any_of_its_names(server: Server, host: str) -> None:
    """As production resolves and judges: nothing is given but the address."""
    asked = len(server.asked)
    assert trouble(Fetcher(trust=server.trust), f"https://{host}:{server.port}/my.ics") in (
        Trouble.REFUSED_ADDRESS, Trouble.UNREACHABLE,
    )  # fmt: skip
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "target",
    [
        "http://calendar.example.org/a.ics", "file:///etc/passwd", "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://0x7f000001/", "//10.0.0.1/a",
        "https://user:pw@calendar.example.org/",
    ],
)  # fmt: skip
def test_a_redirect_is_looked_at_like_the_address_itself(server: Server, target: str) -> None:
    server.gives("/moved", b"", 302, Location=target)

    assert trouble(server.fetcher(), server.url("/moved")) is Trouble.REFUSED_ADDRESS


def test_three_redirects_are_followed_and_a_fourth_is_not(server: Server) -> None:
    for n in range(1, 5):
        server.gives(f"/r{n}", b"", 301, Location=f"/r{n - 1}")
    server.gives("/r0", ICS)
    assert server.fetcher().fetch(server.url("/r3")).content == ICS
    assert trouble(server.fetcher(), server.url("/r4")) is Trouble.UNREACHABLE
    server.gives("/round", b"", 302, Location="/round")
    assert trouble(server.fetcher(), server.url("/round")) is Trouble.UNREACHABLE


def test_a_name_that_answers_otherwise_a_moment_later_changes_nothing(server: Server) -> None:
    """DNS rebinding: looked up once, and the line goes to that number; the certificate must be the name's own."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    server.gives("/once", ICS)
    fetcher = server.fetcher(resolve=lambda host, port: next(answers))
    assert fetcher.fetch(server.url("/once")).content == ICS
    assert next(answers) == ["10.0.0.1"]


def test_one_private_number_among_public_ones_is_enough_to_refuse(server: Server) -> None:
    for numbers in (["93.184.216.34", "10.0.0.1"], ["10.0.0.1", "93.184.216.34"], []):
        fetcher = server.fetcher(resolve=lambda host, port, numbers=numbers: numbers, allowed=is_public)
        assert trouble(fetcher, "https://calendar.example.org/") is Trouble.REFUSED_ADDRESS


def test_a_certificate_of_somebody_else_is_not_believed(server: Server) -> None:
    server.gives("/my", ICS)
    elsewhere = server.fetcher(resolve=lambda host, port: ["127.0.0.1"])
    assert trouble(elsewhere, server.url("/my", host="other.example.org")) is Trouble.UNREACHABLE
    unknown = Fetcher(elsewhere.resolve, elsewhere.allowed)
    assert trouble(unknown, server.url("/my")) is Trouble.UNREACHABLE


def test_more_than_a_megabyte_is_left_behind(server: Server) -> None:
    server.gives("/large", b"x" * 2_000_000)
    assert trouble(server.fetcher(), server.url("/large")) is Trouble.TOO_LARGE
    server.gives("/just", b"x" * 1_000_000)
    assert len(server.fetcher().fetch(server.url("/just")).content or b"") == 1_000_000


def test_a_body_without_an_end_is_left_behind(server: Server) -> None:
    def endless(to: Any) -> None:
        to.send_response(200)
        to.send_header("Transfer-Encoding", "chunked")
        to.end_headers()
        while True:
            to.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")

    server.says["/endless"] = endless
    assert trouble(server.fetcher(), server.url("/endless")) is Trouble.TOO_LARGE


def test_headers_without_an_end_are_left_behind(server: Server) -> None:
    def endless(to: Any) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            to.wfile.write(b"X-More: " + b"x" * 30_000 + b"\r\n")

    server.says["/headers"] = endless
    assert trouble(server.fetcher(), server.url("/headers")) in (Trouble.TOO_LARGE, Trouble.UNREACHABLE)


@pytest.mark.parametrize("what", ["body", "headers", "silence"])
def test_who_speaks_slowly_is_left_when_time_is_up(server: Server, what: str) -> None:
    """A byte now and then keeps a line open for ever, where each byte begins the waiting anew: here all of it has one clock."""

    def slowly(to: Any) -> None:
        begin = {
            "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
            "headers": b"HTTP/1.1 200 OK\r\nX-A: ",
            "silence": b"",
        }
        to.wfile.write(begin[what])
        for _ in range(100):
            if what != "silence":
                to.wfile.write(b"x")
            time.sleep(0.05)

    server.says["/slow"] = slowly
    began = time.monotonic()
    assert trouble(server.fetcher(seconds=0.6), server.url("/slow")) is Trouble.TOO_SLOW
    assert time.monotonic() - began < 1.5


def test_a_slow_answer_over_several_redirects_has_one_clock_too(server: Server) -> None:
    def later(to: Any) -> None:
        time.sleep(0.4)
        to.send_response(302)
        to.send_header("Location", "/later")
        to.send_header("Content-Length", "0")
        to.end_headers()

    server.says["/later"] = later
    assert trouble(server.fetcher(seconds=0.9), server.url("/later")) is Trouble.TOO_SLOW


def test_a_look_up_that_hangs_is_left_when_time_is_up(server: Server) -> None:
    held = threading.Event()
    fetcher = server.fetcher(resolve=lambda host, port: ["93.184.216.34"] * held.wait(5), seconds=0.3)
    assert trouble(fetcher, "https://calendar.example.org/") is Trouble.TOO_SLOW
    held.set()


def test_a_packed_bomb_does_not_unfold(server: Server) -> None:
    server.gives("/bomb", gzip.compress(b"\0" * 50_000_000, 9), Content_Encoding="gzip")
    assert trouble(server.fetcher(), server.url("/bomb")) is Trouble.TOO_LARGE
    server.gives("/packed", gzip.compress(ICS), Content_Encoding="gzip")
    assert server.fetcher().fetch(server.url("/packed")).content == ICS
    for coding in ("br", "gzip, gzip"):
        server.gives("/other", ICS, Content_Encoding=coding)
        assert trouble(server.fetcher(), server.url("/other")) is Trouble.NOT_A_CALENDAR


def test_what_the_server_does_not_give_is_said_as_such(server: Server) -> None:
    for status in (401, 403, 404, 410, 500):
        server.gives("/no", b"gone", status)
        assert trouble(server.fetcher(), server.url("/no")) is Trouble.NOT_GIVEN


def test_half_a_calendar_is_no_calendar(server: Server) -> None:
    def half(to: Any) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(ICS) + 10) + ICS)
        to.close_connection = True

    server.says["/half"] = half
    assert trouble(server.fetcher(), server.url("/half")) is Trouble.UNREACHABLE

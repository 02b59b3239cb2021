"""Fetching a calendar from an address that a person typed: by the job worker only, as scheduling.md bounds it.

https only; at most three redirects, each looked at again; public addresses only, and the connection goes to the very
number that was looked up and found public, so that a name that answers otherwise a moment later changes nothing; 1 MB and
5 seconds in all, however slowly the other side speaks. What it says about its content is not believed.
"""

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from portal.agenda.busy_reading import MOST_BYTES, Trouble, Unread

SECONDS = 5.0
REDIRECTS = 3
_HEADERS = 64_000
_CHUNK = 32_768
_MOVED = {301, 302, 303, 307, 308}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_KEEP = "/%:=&?~+!$,;'@()*[]-._"

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Fetched:
    """What the address gave: the bytes, or nothing because it has not changed since `etag`."""

    content: bytes | None
    etag: str = ""


def look_up(host: str, port: int) -> list[str]:
    """The numbers of a name, as the machine's own resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(number: str, port: int) -> bool:
    """Whether a number is one of the open internet, on the port of https.

    Numbers that carry another one inside (IPv4 in IPv6, tunnels, translators) are judged by it, or refused.
    """
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped), port)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64 or address.is_site_local:
            return False
    return port == 443 and address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True)
class Fetcher:
    """How to fetch. The names, the numbers that are allowed, and whom to trust are given by tests only."""

    resolve: Resolve = look_up
    allowed: Callable[[str, int], bool] = is_public
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)
    seconds: float = SECONDS

    def fetch(self, address: str, etag: str = "") -> Fetched:
        """The bytes at an address. Raises Unread, which names the trouble and not the address."""
        until = monotonic() + self.seconds
        for _ in range(REDIRECTS + 1):
            url = checked(address)
            try:
                answer = self._ask(url, etag, until)
                if answer.status not in _MOVED:
                    return _taken(answer)
                address = urljoin(url.geturl(), answer.headers.get("Location", ""))
            except TimeoutError:
                raise Unread(Trouble.TOO_SLOW) from None
            except (OSError, http.client.HTTPException, ValueError):
                raise Unread(Trouble.UNREACHABLE) from None
        raise Unread(Trouble.UNREACHABLE)

    def _ask(self, url: SplitResult, etag: str, until: float) -> http.client.HTTPResponse:
        host, port = str(url.hostname), url.port or 443
        numbers = _in_time(lambda: self.resolve(host, port), until)
        if not numbers or not all(self.allowed(number, port) for number in numbers):
            raise Unread(Trouble.REFUSED_ADDRESS)
        plain = socket.create_connection((numbers[0], port), timeout=_left(until))
        with plain:
            plain.settimeout(_left(until))
            with self.trust().wrap_socket(plain, server_hostname=host) as line:
                line.settimeout(_left(until))
                line.sendall(_request(url, etag))
                return _answer(line, until)


def checked(address: str) -> SplitResult:
    """The parts of an address that may be fetched at all. Raises Unread for anything but https with a name.

    A name and password before the host are refused: they would be kept, and sent on.
    """
    try:
        url = urlsplit(address)
        host, _port = (url.hostname or "").encode("idna").decode(), url.port
    except ValueError:
        raise Unread(Trouble.REFUSED_ADDRESS) from None
    unsound = any(ord(c) <= 32 or ord(c) == 127 for c in address) or len(address) > 2000
    if url.scheme != "https" or not host or url.username is not None or url.password is not None or unsound:
        raise Unread(Trouble.REFUSED_ADDRESS)
    return url


def _request(url: SplitResult, etag: str) -> bytes:
    host = str(url.hostname).encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    target = quote(url.path or "/", safe=_KEEP) + (f"?{quote(url.query, safe=_KEEP)}" if url.query else "")
    lines = [
        f"GET {target} HTTP/1.1", f"Host: {host}{'' if url.port in (None, 443) else f':{url.port}'}",
        "User-Agent: Doorstart", "Accept: text/calendar", "Accept-Encoding: identity", "Connection: close",
    ]  # fmt: skip
    if etag:
        lines.append(f"If-None-Match: {etag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class _Line(io.RawIOBase):
    """A socket as a file that keeps to one deadline, and to so many bytes, whatever comes how slowly."""

    def __init__(self, line: ssl.SSLSocket, until: float) -> None:
        self.line, self.until, self.left = line, until, MOST_BYTES + _HEADERS

    def readable(self) -> bool:
        return True

    def readinto(self, into: "memoryview | bytearray") -> int:  # type: ignore[override]
        if self.left <= 0:
            raise Unread(Trouble.TOO_LARGE)
        self.line.settimeout(_left(self.until))
        got = self.line.recv_into(into, min(len(into), self.left))
        self.left -= got
        return got

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, _CHUNK)


def _answer(line: ssl.SSLSocket, until: float) -> http.client.HTTPResponse:
    """The answer, read to its end as far as it is wanted: the line closes after this."""
    answer = http.client.HTTPResponse(_Line(line, until), method="GET")  # type: ignore[arg-type]
    answer.begin()
    answer.body = b"" if answer.status in _MOVED else _whole(answer)  # type: ignore[attr-defined]
    return answer


def _whole(answer: http.client.HTTPResponse) -> bytes:
    parts, size = [], 0
    while part := answer.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise Unread(Trouble.TOO_LARGE)
    if answer.length:
        raise Unread(Trouble.UNREACHABLE)
    return b"".join(parts)


def _taken(answer: http.client.HTTPResponse) -> Fetched:
    etag = _sound_etag(answer.headers.get("ETag", ""))
    if answer.status == 304:
        return Fetched(None, etag)
    if answer.status != 200:
        raise Unread(Trouble.NOT_GIVEN)
    return Fetched(_unpacked(answer.body, answer.headers.get("Content-Encoding", "")), etag)  # type: ignore[attr-defined]


def _unpacked(body: bytes, coding: str) -> bytes:
    """Packed bytes were not asked for; some servers pack all the same. Never more comes out than may come in."""
    if coding.strip().lower() in ("", "identity"):
        return body
    if coding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise Unread(Trouble.NOT_A_CALENDAR)
    try:
        whole = zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise Unread(Trouble.NOT_A_CALENDAR) from None
    if len(whole) > MOST_BYTES:
        raise Unread(Trouble.TOO_LARGE)
    return whole


def _sound_etag(etag: str) -> str:
    """What may be sent back to the same server in a header: printable, and short."""
    return etag if len(etag) <= 200 and etag.isascii() and etag.isprintable() else ""


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _in_time(ask: Callable[[], list[str]], until: float) -> list[str]:
    """Looking up a name has no clock of its own: it is left behind when time is up."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except Exception as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        found = answers.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise found
    return found

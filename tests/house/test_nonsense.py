"""Whatever somebody sends, the answer is a page: no nonsense in an address, a cursor or a field makes the portal stumble."""

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from portal.accounts.roles import Role
from portal.foundation import access, clock, fields
from portal.foundation.database import db
from portal.foundation.refusals import local_path
from tests.cli.conftest import year
from tests.cli.test_demo_pages import crawl, people
from tests.house.test_access import somebody
from tests.visitor import Visitor

__all__ = ["year"]

ROLES = [None, *Role]
LONG = "9" * 5000
WORDS = (
    "\x00",
    "a\r\nBcc: x@y.be",
    "\u202eevil\u200b\ud7ff\U000e0001",
    "𝟡" * 300,
    "=cmd()",
    "<script>",
    "%s %(x)s {{7*7}}",
    "",
)
NUMBERS = ("-1", "99999999999999999999", "1e999", "NaN", "sNaN", "٣", LONG, "")
DAYS = ("0001-01-01", "9999-12-31", "1899-12-31", "2101-01-01", "2026-02-30", "-1-1-1", "２０２６-01-01", "")
HOURS = ("00:00", "23:59", "24:00", "25:61", "٠٩:٣٠", "")
CHOICES = ("", "zzzz", "-1", "\x00", "None", LONG)
# A form keeps its own tokens; the others end the walk of whoever sends them.
NOT_SPOILT = {"csrf_token", "once"}
NOT_SENT = ("/sign-out", "/sign-ins/")


# The forms that several roles share are spoilt once.
_spoilt: set[Any] = set()


@dataclass(frozen=True)
class Sent:
    """A form of a page: where it goes, what a person would send, and what each of its fields takes."""

    url: str
    values: tuple[tuple[str, str], ...]
    kinds: dict[str, str]


def forms_of(page: Any) -> Iterator[Sent]:
    for form in page.tree.xpath("//form"):
        if form.method.lower() != "post":
            continue
        kinds: dict[str, str] = {}
        for field in form.xpath(".//*[@name]"):
            kinds.setdefault(field.get("name"), field.get("type", "text") if field.tag == "input" else field.tag)
        filled = {k: v for k, v in form.form_values() if v}
        for name, kind in kinds.items():
            filled.setdefault(name, believable(form, name, kind))
        url = form.get("action") or page.response.request.full_path
        yield Sent(url, tuple(filled.items()), kinds)


def believable(form: Any, name: str, kind: str) -> str:
    """What somebody might fill in, so that the nonsense of another field comes further than the first check."""
    if kind in {"select", "radio", "checkbox"}:
        path = ".//*[@name=$name]//option/@value" if kind == "select" else ".//input[@name=$name]/@value"
        return str(next((value for value in form.xpath(path, name=name) if value), "y"))
    day = clock.today() + timedelta(days=9)
    known = {"date": day.isoformat(), "time": "09:00", "number": "3", "email": "x@example.org", "tel": "0470 12 34 56"}
    return known.get(kind, "Goed")


def nonsense(kind: str) -> tuple[str, ...]:
    known = {"date": DAYS, "time": HOURS, "number": NUMBERS, "text": WORDS, "textarea": WORDS}
    return known.get(kind, WORDS if kind in {"email", "tel", "password", "search"} else CHOICES)


class Attacker:
    """Somebody with a browser who sends what no browser would, and remembers what made the portal stumble."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.sent = 0
        self.stumbled: list[str] = []

    def ask(self, what: str, **request: Any) -> Any:
        self.sent += 1
        try:
            answer = self.visitor._ask(lambda: self.visitor.client.open(**request))
        except Exception as error:
            db.session.rollback()
            self.stumbled.append(f"{what}: {type(error).__name__} {error!s:.200}")
            return None
        if answer.status >= 500:
            self.stumbled.append(f"{what}: {answer.status}")
        return answer

    def spoil(self, form: Sent) -> None:
        """Nonsense in each field on its own, then in all of them at once."""
        spoilt = {name: nonsense(kind) for name, kind in form.kinds.items() if name not in NOT_SPOILT}
        for turn, (name, words) in enumerate(spoilt.items()):
            for word in {words[(turn + n) % len(words)] for n in range(2 if len(spoilt) < 8 else 1)}:
                self.send(form, {name: word}, f"{name}={word:.30}")
        for turn in range(2):
            self.send(form, {name: words[turn % len(words)] for name, words in spoilt.items()}, f"all fields, {turn}")

    def send(self, form: Sent, spoilt: dict[str, str], what: str) -> None:
        values = [(k, v) for k, v in form.values if k not in spoilt and k != "once"]
        data = MultiDict([*values, *spoilt.items(), ("once", secrets.token_hex(8))])
        self.ask(f"POST {form.url} {what}", path=form.url, method="POST", data=data)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "visitor")
def test_no_form_stumbles_over_nonsense(year: Flask, visitors: Any, role: Role | None) -> None:
    """Every kind of form that a role meets on its way through the demo, with nonsense in every field."""
    attacker, met = Attacker(visitors(people(role)[0] if role else None)), 0
    for page in list(crawl(attacker.visitor, of_a_kind=1)):
        for form in forms_of(page) if page.tree is not None and page.status == 200 else ():
            kind, met = (len(form.url.split("/")), tuple(form.kinds)), met + 1
            if kind in _spoilt or any(part in form.url for part in NOT_SENT):
                continue
            _spoilt.add(kind)
            attacker.spoil(form)
    assert met > 5
    assert not attacker.stumbled, "\n".join(attacker.stumbled)


def cursors() -> list[str]:
    texts = [[10**30, 1], ["\ud800", 1], ["\x00", 1], [None, None], [True, {}], {}, "x", [1], [[], []]]
    sent = [base64.urlsafe_b64encode(json.dumps(text).encode()).decode() for text in texts]
    return [*sent, base64.urlsafe_b64encode(b"[" * 20_000).decode(), "é", "%00", "\x00", "=", "A" * 3000]


LISTS = {
    Role.PROJECT_WORKER: ("/people", "/companies"),
    Role.EMPLOYER_ADMIN: ("/vacancies",),
    Role.VDAB: ("/referrals",),
    Role.ADMINISTRATOR: ("/accounts",),
}


def test_a_cursor_that_the_portal_did_not_seal_is_page_one(year: Flask, visitors: Any) -> None:
    for role, paths in LISTS.items():
        attacker = Attacker(visitors(people(role)[0]))
        first = {path: attacker.visitor.open(path).text for path in paths}
        for path in paths:
            for turn, cursor in enumerate(cursors()):
                name = ("after", "before")[turn % 2]
                page = attacker.ask(f"{path} {name}={cursor:.30}", path=path, query_string={name: cursor})
                assert page is None or page.status == 400 or page.text == first[path]
        assert not attacker.stumbled, "\n".join(attacker.stumbled)


def test_a_cursor_of_one_list_opens_no_other_and_shows_no_name_nor_number(year: Flask, visitors: Any) -> None:
    admin = visitors(people(Role.ADMINISTRATOR)[0])
    href = next(a for a in admin.open("/accounts").tree.xpath("//a/@href") if "after=" in a)
    cursor = href.partition("after=")[2]
    assert cursor.startswith("gAAAA")
    assert admin.open(href.removeprefix("http://localhost")).h1
    worker = visitors(people(Role.PROJECT_WORKER)[0])
    assert worker.open(f"/companies?after={cursor}").text == worker.open("/companies").text


QUERIES = ("after", "before", "language", "next", "q", "name", "state", "week", "mode", "view", "day", "start", "to",
           "programme", "occupation", "concern")  # fmt: skip
ASKED = (LONG, "-9223372036854775809", "9999-12-31", "0001-01-01", "10000-W01", "'\"><%", "\u202e", "%ff")


_asked: set[str] = set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "visitor")
def test_no_page_stumbles_over_what_stands_behind_its_question_mark(
    year: Flask, visitors: Any, role: Role | None
) -> None:
    attacker = Attacker(visitors(people(role)[0] if role else None))
    for page in list(crawl(attacker.visitor, of_a_kind=1)):
        for turn in range(2) if page.status == 200 and page.path not in _asked else ():
            query = {name: ASKED[(turn * 4 + n) % len(ASKED)] for n, name in enumerate(QUERIES)}
            attacker.ask(f"{page.path} {turn}", path=page.path, query_string=query)
        _asked.add(page.path)
    assert not attacker.stumbled, "\n".join(attacker.stumbled)


KEYS = ("9" * 400, "zzzz\x00", "é" * 40, "..", "1-" + "a" * 5000, "999999999999-x", "٣-٣")


@pytest.mark.engine
@pytest.mark.parametrize("role", [None, Role.EMPLOYER_ADMIN, Role.PROJECT_WORKER, Role.ADMINISTRATOR])
def test_no_address_stumbles_over_a_key_that_nobody_gave(app: Flask, visitors: Any, role: Role | None) -> None:
    """Every rule with every strange key: a number too large, a token too long, a character that no database takes."""
    attacker = Attacker(visitors(somebody(role or "visitor")))
    who = access.Viewer(person_id=1, seats=(access.Seat(role),)) if role else access.NOBODY
    for rule in app.url_map.iter_rules():
        policy = access.policy_of(app, rule.endpoint)
        if not rule.arguments or rule.endpoint.endswith("static") or policy is None or not policy.allows(who):
            continue
        for key in KEYS:
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<int:{name}>", key).replace(f"<{name}>", key)
            attacker.ask(f"{path:.60}", path=path)
    assert not attacker.stumbled, "\n".join(attacker.stumbled)


def test_a_number_that_no_row_has_is_no_address(year: Flask, visitors: Any) -> None:
    someone = visitors(people(Role.PROJECT_WORKER)[0])
    for number in (2**31, 2**63, 10**40):
        someone.open(f"/agenda/hours/{number}/skip", status=404)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/ok\r\nSet-Cookie: a=b", "", "evil", "/\x00"],
)  # fmt: skip
def test_no_way_back_leaves_the_house(year: Flask, visitors: Any, target: str) -> None:
    assert local_path(target) is None
    visitor = visitors()
    token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    sent = {"csrf_token": token, "language": "fr", "next": target}
    answer = visitor._ask(lambda: visitor.client.post("/language", data=sent))
    assert answer.status == 303
    assert answer.response.location == "/"
    assert "evil" not in str(answer.response.headers)


def test_a_language_that_nobody_speaks_is_refused_or_passed_over(year: Flask, visitors: Any) -> None:
    visitor = visitors()
    token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for wished in ("xx", "\x00", "nl\r\nX: y", "../../etc/passwd", LONG):
        sent = {"csrf_token": token, "language": wished}
        assert visitor._ask(lambda sent=sent: visitor.client.post("/language", data=sent)).status == 400
        visitor.client.set_cookie("language", wished.replace("\x00", "").replace("\r\n", "")[:200])
        assert visitor.open("/sign-in").tree.get("lang") == "nl"


@pytest.mark.parametrize("text", ["a\x00b", "a\x85b", "a\u202eb", "a\u2066b", "a\x1bb", "a\ud800b", "a\x7fb"])
def test_a_character_that_no_keyboard_makes_is_refused(app: Flask, text: str) -> None:
    class Typed:
        data = text

    with pytest.raises(ValidationError), app.test_request_context():
        fields.PlainText()(None, Typed())


def test_more_than_a_form_holds_is_refused_with_a_page(year: Flask, visitors: Any) -> None:
    visitor = visitors()
    token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    many = {f"f{n}": "x" for n in range(2000)}
    bodies: tuple[tuple[Any, str, int], ...] = (
        ({"csrf_token": token, "email": "x" * 13_000_000}, "application/x-www-form-urlencoded", 413),
        ({"csrf_token": token, "email": "x" * 3_000_000}, "multipart/form-data", 413),
        ({"csrf_token": token, **many}, "multipart/form-data", 413),
        (b"email=\xff\xfe&csrf_token=\x00", "application/x-www-form-urlencoded", 400),
        (b"--x\r\n", "multipart/form-data; boundary=y", 400),
    )
    for data, kind, status in bodies:
        answer = visitor._ask(
            lambda data=data, kind=kind: visitor.client.post("/sign-in", data=data, content_type=kind)
        )
        assert answer.status == status
        assert answer.h1

"""The house is attacked as a whole, on a year of data: strangers, curious readers, a thief of the disk, code in a name."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, PARTNERS, STAFF, Role
from portal.agenda.models import HoldCell
from portal.ambassadors.models import Invitation
from portal.candidates.models import Candidate, Identity
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.once import TypedText
from portal.interviews.models import Interview, Reveal
from portal.organisations.models import Kind, Organisation, Workplace
from portal.outbox.delivery import deliver
from portal.outbox.models import Letter, LetterState, ShownLetter
from portal.outbox.render import render
from portal.programmes.models import Site
from portal.tasks.models import Task
from tests.cli.conftest import year
from tests.cli.test_demo_pages import crawl, people
from tests.factories import a_person, a_programme
from tests.visitor import Page, Visitor

__all__ = ["year"]

EVERYBODY = [None, *Role]
READERS = (*STAFF, *PARTNERS, *EMPLOYERS)


def named(role: Role | None) -> str:
    return role.value if role else "visitor"


def somebody(visitors: Any, role: Role | None) -> Visitor:
    """A browser of the first of a role, as the demo lists them."""
    return visitors(people(role)[0] if role else None)  # type: ignore[no-any-return]


def walk(visitor: Visitor, **how: int) -> Iterator[Page]:
    return (page for page in crawl(visitor, **how) if page.tree is not None)


def last_names() -> set[str]:
    """The family names of candidates that nobody else carries."""
    others = " ".join(f"{one.first_name} {one.last_name}" for one in db.session.scalars(sa.select(Person)))
    others += " ".join(db.session.scalars(sa.select(Organisation.name)))
    return {name for name in db.session.scalars(sa.select(Identity.last_name)) if len(name) > 5 and name not in others}


def any_of(words: set[str]) -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, words))) + r")\b")


# --- A visit changes nothing --------------------------------------------------------------------------------------

# A question may begin with WITH; so may a write.
WRITES = re.compile(
    r"\s*((INSERT|UPDATE|DELETE|REPLACE)\b|WITH\b.*\b(INSERT INTO|UPDATE .* SET|DELETE FROM)\b)", re.I | re.S
)
ALLOWED = re.compile(r"INSERT INTO journal_entry |UPDATE sign_in SET last_seen_at=\S+ WHERE")


def contents() -> dict[str, Any]:
    """Every row of every table, but for what a visit may write."""
    rows: dict[str, Any] = {}
    for table in db.metadata.sorted_tables:
        if table.name not in {"journal_entry", "sign_in"}:
            rows[table.name] = db.session.execute(sa.text(f'SELECT * FROM "{table.name}" ORDER BY id')).all()
    db.session.rollback()
    return rows


@pytest.mark.parametrize("role", EVERYBODY, ids=named)
def test_a_visit_changes_nothing_but_the_journal(year: Flask, visitors: Any, role: Role | None) -> None:
    visitor = somebody(visitors, role)
    before = contents()
    for page in walk(visitor):
        wrote = [statement for statement in page.queries if WRITES.match(statement) and not ALLOWED.match(statement)]
        assert not wrote, f"opening {page.path} wrote {wrote}"
    after = contents()
    assert [name for name in before if before[name] != after[name]] == []


# --- A read that is not written down does not happen --------------------------------------------------------------

# How each engine refuses every further line of the journal.
FULL = {
    "sqlite": "CREATE TRIGGER no_room BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'no room'); END",
    "postgresql": "ALTER TABLE journal_entry ADD CONSTRAINT no_room CHECK (false) NOT VALID",
}


@pytest.mark.parametrize("role", READERS, ids=named)
def test_every_page_with_a_name_is_journalled_and_none_leaves_without(year: Flask, visitors: Any, role: Role) -> None:
    anybody = any_of(last_names())
    visitor = somebody(visitors, role)
    for page in walk(visitor, of_a_kind=1):
        if anybody.search(page.html):
            assert any("INSERT INTO journal_entry" in one for one in page.queries), f"{page.path} is not journalled"
    db.session.execute(sa.text(FULL[db.engine.dialect.name]))
    db.session.commit()
    for page in walk(visitor, of_a_kind=1):
        told = {name for name in anybody.findall(page.html)}
        assert not told, f"{page.path} told {told} without a line in the journal"


# --- Strangers ----------------------------------------------------------------------------------------------------

# Pages whose address holds no row: a figure, an answer, a step.
NO_ROW = {
    "answers.show",
    "dashboard.cases",
    "dashboard.passing_cases",
    "aftercare.thanks",
    "dashboard.month",
    "dashboard.reopen_month",
    "dashboard.close_month",
    # The library is the house's: every coordinator edits it. A badge's page and its picture are for everybody.
    "answers.edit",
    "answers.history",
    "answers.looked_at",
    "ambassadors.verify",
    # A job that its company shows to everybody, and a role whose usual words are the house's.
    "employers.job",
    "employers.edit_template",
    "ambassadors.badge",
}
# What is drawn anew for each answer, and the address itself, to which the choice of a language returns.
CHANGING = re.compile(r'nonce="[^"]*"|name="(csrf_token|once|next)"[^>]*>|value="[^"]{40,}"')


def a_stranger(role: Role) -> Person:
    """Somebody with the same role, in a company and a programme of their own."""
    programme = a_programme("Elders")
    company = None
    if role in (*EMPLOYERS, Role.AMBASSADOR):
        company = Organisation(kind=Kind.COMPANY, name="Vreemde Zaak", number="0999999922")
        db.session.add(company)
        db.session.flush()
        db.session.add(Employer(organisation_id=company.id, programme_id=programme.id, state=EmployerState.ACTIVE))
    person = a_person(role=role, first_name="Vera", last_name="Vreemd", organisation=company, programme=programme)
    if company is not None:
        for other in {Role.EMPLOYER_ADMIN, Role.AMBASSADOR} - {role}:
            accounts.seat(person, other, organisation_id=company.id)
        db.session.commit()
    return person


def keyed(app: Flask, path: str, method: str) -> tuple[str, str] | None:
    """An address about one row, and the same address of no row; None for any other."""
    endpoint, values = app.url_map.bind("localhost").match(path, method=method)
    if not values or endpoint in NO_ROW or endpoint.endswith("static"):
        return None
    unknown = {
        name: 999_999_999 if isinstance(v, int) else "zzzzzzzzzzzz" for name, v in values.items() if name != "step"
    }
    return path, app.url_map.bind("localhost").build(endpoint, {**values, **unknown})


def body(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """What a stranger gets to see: status, page and headers, without what is drawn anew for each answer."""
    drawn = {"Content-Security-Policy", "Set-Cookie", "Date", "Content-Length"}
    headers = sorted((k, v) for k, v in answer.headers if k not in drawn)
    return answer.status_code, CHANGING.sub("", answer.get_data(as_text=True)), headers


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR], ids=named)
def test_a_strangers_row_is_answered_like_no_row_at_all(year: Flask, visitors: Any, role: Role) -> None:
    """Every address that one of a role opens or presses, tried by another of the same role."""
    addresses: dict[tuple[str, str], tuple[str, str]] = {}
    for page in walk(somebody(visitors, role)):
        found = [(page.path, "GET")] if page.status == 200 else []
        found += [
            (form.action.partition("?")[0], (form.get("method") or "GET").upper())
            for form in page.tree.xpath("//form")
            if form.action
        ]
        for path, method in found:
            path = path.removeprefix("http://localhost")
            pair = keyed(year, path, method) if path else None
            if pair is not None:
                addresses[path, method] = pair
    stranger: Visitor = visitors(a_stranger(role))
    token = stranger.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for (path, method), (own, unknown) in addresses.items():
        answers = []
        for one in (own, unknown):
            data = {"csrf_token": token, "once": "x"} if method == "POST" else None
            asked = lambda one=one, data=data, method=method: stranger.client.open(one, method=method, data=data)  # noqa: E731
            answers.append(body(stranger._ask(asked).response))
        assert answers[0][0] == 404, f"a strange {role} got {answers[0][0]} at {method} {path}"
        assert answers[0] == answers[1], f"{method} {path} tells that there is something"


# --- What employers, ambassadors and partners receive ---------------------------------------------------------------


def test_no_letter_of_the_year_names_a_candidate_or_a_place(year: Flask) -> None:
    """Subject, preview, text, calendar and Message-ID of everything that was ever sent to somebody outside the team."""
    anybody = any_of(last_names() | {site.nl for site in db.session.scalars(sa.select(Site))})
    outside = set(
        db.session.scalars(sa.select(Person.email).where(Person.id.in_([one.id for one in people(*EMPLOYERS)])))
    )
    read = 0
    # Three working weeks of forms, reminders and digests.
    for day in range(3, 24, 5):
        with time_machine.travel(clock.days_from_now(day), tick=False):
            for job in (*jobs.each_minute.values(), *jobs.each_night.values()):
                if job is not deliver:
                    job()
    for letter in db.session.scalars(sa.select(Letter).where(Letter.state == LetterState.WAITING)):
        seen = render(letter.template, letter.language, letter.values)
        read += 1
        everything = f"{seen.subject} {seen.text} {seen.html} {letter.calendar} {letter.message_id}"
        assert not anybody.search(everything), letter.template
    for shown in db.session.scalars(sa.select(ShownLetter).where(ShownLetter.address.in_(outside))):
        read += 1
        assert not anybody.search(f"{shown.subject} {shown.text} {shown.html} {shown.calendar}"), shown.subject
    assert read > 5


@pytest.mark.parametrize("role", [*EMPLOYERS, Role.AMBASSADOR, None], ids=named)
def test_no_page_for_outside_is_dated_tagged_or_framed(year: Flask, visitors: Any, role: Role | None) -> None:
    """No ETag or date to join two companies' pages by, no row's number, and nothing that a shared computer keeps."""
    for page in walk(somebody(visitors, role), of_a_kind=1):
        headers = page.response.headers
        assert headers["Cache-Control"] == "no-store", page.path
        assert not {"ETag", "Last-Modified", "X-Powered-By"} & set(headers.keys()), page.path
        assert headers["Referrer-Policy"] == "no-referrer", page.path
        numbers = [href for href in page.tree.xpath("//a/@href|//form/@action") if re.search(r"/\d+(/|$)", href)]
        own = ("/agenda/", "/me/")
        assert not [one for one in numbers if not any(part in one for part in own)], f"{page.path}: {numbers}"


def test_the_words_of_a_task_for_outside_name_no_candidate(year: Flask) -> None:
    anybody = any_of(last_names())
    outside = [one.id for one in people(*EMPLOYERS, Role.AMBASSADOR, *PARTNERS)]
    found = db.session.scalars(
        sa.select(Task).where(sa.or_(Task.owner_id.in_(outside), Task.role.in_([*EMPLOYERS, *PARTNERS])))
    ).all()
    assert found
    for task in found:
        assert not anybody.search(f"{task.words} {task.address}"), task.kind


@pytest.mark.parametrize("role", EVERYBODY, ids=named)
@pytest.mark.parametrize("path", ["/people/{}", "/people/{}/identity", "/interviews/{}", "/language", "/nothing"])
def test_an_error_page_tells_nothing(year: Flask, visitors: Any, role: Role | None, path: str) -> None:
    """403, 404 and 405 name no candidate and repeat nothing of the address."""
    if role in STAFF:
        return
    key = db.session.scalars(sa.select(Candidate.key)).first()
    visitor = somebody(visitors, role)
    page = visitor._ask(lambda: visitor.client.get(path.format(key), follow_redirects=True))
    assert page.status in {200, 403, 404, 405}
    assert not any_of(last_names()).search(page.html)
    assert str(key) not in CHANGING.sub("", page.html)


# --- The disk -------------------------------------------------------------------------------------------------------


def test_a_stolen_database_of_a_year_names_no_candidate(year: Flask) -> None:
    """Every column of every table, as text: no family name, telephone, e-mail or street of anybody in a case."""
    identities = db.session.scalars(sa.select(Identity)).all()
    secret = last_names()
    for one in identities:
        secret |= {text for text in (one.phone, one.email, one.birth_date) if text and len(text) > 6}
    shown = set(db.session.scalars(sa.select(Person.email))) | set(db.session.scalars(sa.select(Person.phone)))
    # A family name that the public list of places bears in a street proves nothing.
    places = " ".join(str(row) for row in db.session.execute(sa.text("SELECT street, nl, fr, en FROM site")))
    secret = {text for text in secret - shown if text not in places}
    anybody = any_of(secret)
    assert len(secret) > 60
    for table in db.metadata.tables:
        for row in db.session.execute(sa.text(f'SELECT * FROM "{table}"')):
            met = anybody.search(" ".join(str(value) for value in row if not str(value).startswith("gAAAA")))
            assert not met, f"{met} stands in {table}: {row}"


def test_the_address_of_a_personal_link_lies_nowhere(year: Flask, visitors: Any) -> None:
    """A form behind a link keeps neither the token, nor what was typed into a password."""

    person = people(Role.EMPLOYER_ADMIN)[0]
    link = links.make("welcome", person, expires=clock.days_from_now(1))
    db.session.commit()
    token = links.token_of(link)
    visitor = visitors()
    stale = {"csrf_token": "stale", "once": "x", "password": "geheim wachtwoord", "email": "wie@example.org"}
    for path in (f"/welcome/{token}", "/sign-in"):
        visitor._ask(lambda path=path: visitor.client.post(path, data=stale))
    visitor.open(f"/welcome/{token}").send(password="een zin die niemand raadt")
    kept = str([db.session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in ("typed_text", "sent_form")])
    assert "gAAAA" in kept
    assert token not in kept
    fields = [row.fields for row in db.session.scalars(sa.select(TypedText))]
    assert fields
    assert "geheim" not in str(fields)


# --- Code in a name -------------------------------------------------------------------------------------------------

CODE = "\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}"


@pytest.mark.parametrize("role", EVERYBODY, ids=named)
def test_a_name_is_never_code(year: Flask, visitors: Any, role: Role | None) -> None:
    for column in (
        Person.last_name, Organisation.name, Workplace.name, Vacancy.title, Vacancy.tasks, Invitation.company_name, Site.nl,
    ):  # fmt: skip
        db.session.execute(sa.update(column.class_).values({column.key: CODE}))
    for identity in db.session.scalars(sa.select(Identity)):
        identity.last_name = CODE
    db.session.commit()
    met = 0
    for page in walk(somebody(visitors, role), of_a_kind=1):
        met += "img src=x" in page.html
        assert "<img src=x" not in page.html, page.path
        assert not page.tree.xpath("//img[@onerror]"), page.path
        assert "'>49" not in page.html, page.path
    assert met or role is None


# --- The database's own word ----------------------------------------------------------------------------------------

REFUSED: Sequence[tuple[str, str]] = (
    ("nobody is in two places", "INSERT INTO hold_cell (created_at, hold_id, party, cell) SELECT created_at, hold_id, party, cell FROM hold_cell LIMIT 1"),
    ("no confirmed interview without held time", "UPDATE interview SET companion_hold_id = NULL WHERE state IN ('confirmed', 'held')"),
    ("no held time taken from under it", "DELETE FROM hold WHERE id IN (SELECT companion_hold_id FROM interview)"),
    ("no state that is none", "UPDATE interview SET state = 'sure'"),
    ("no permission without hours", "UPDATE permission SET state = 'granted', covers_from = NULL"),
    ("no task of nobody", "UPDATE task SET owner_id = NULL, role = NULL"),
    ("no membership that ends before it begins", "UPDATE membership SET until = '1999-01-01'"),
    ("no role that is none", "UPDATE membership SET role = 'god'"),
    ("no two reveals of one interview to one person", "INSERT INTO reveal (created_at, interview_id, candidate_id, person_id, consent_id) SELECT created_at, interview_id, candidate_id, person_id, consent_id FROM reveal LIMIT 1"),
    ("no second account of one address", "UPDATE person SET email = (SELECT email FROM person ORDER BY id LIMIT 1)"),
    ("no reveal of nobody", "UPDATE reveal SET consent_id = 999999"),
)  # fmt: skip


def test_the_database_refuses_what_would_break_a_promise(year: Flask) -> None:
    assert db.session.scalar(sa.select(sa.func.count(HoldCell.id)))
    assert db.session.scalar(sa.select(sa.func.count(Reveal.id)))
    assert db.session.scalar(sa.select(sa.func.count(Interview.id)))
    for promise, statement in REFUSED:
        try:
            db.session.execute(sa.text(statement))
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
        else:
            pytest.fail(f"{promise}: the database let it pass")


@pytest.mark.parametrize(
    "extra", ["state", "role", "id", "key", "programme_id", "verified_at", "invitation_id", "worker_id"]
)
def test_what_no_field_asks_is_never_kept(app: Flask, visitors: Any, post: Any, extra: str) -> None:
    """Somebody who signs up posts the columns of the rows as well."""
    from tests.employers.test_signing_up import answers

    a_programme()
    db.session.commit()
    visitor = visitors()
    page = visitor.open("/sign-up")
    tokens = [(k, v) for k, v in page.form("Meld je bedrijf aan").form_values() if k in {"csrf_token", "once"}]
    given = [(k, one) for k, v in answers().items() for one in (v if isinstance(v, list) else [v])]
    value = {"state": "active", "role": "coordinator", "verified_at": "2026-01-01"}.get(extra, "7")
    assert visitor.post("/sign-up", [*tokens, *given, (extra, value)]).path == "/sign-up/sent"
    employer = db.session.scalars(sa.select(Employer)).one()
    assert (employer.state, employer.verified_at) == (EmployerState.REGISTERED, None)
    assert (employer.invitation_id, employer.worker_id, employer.id != 7, employer.key != "7") == (
        None,
        None,
        True,
        True,
    )
    seats = db.session.scalars(sa.select(Membership)).all()
    assert [seat.role for seat in seats] == [Role.EMPLOYER_ADMIN]

"""One letter a week per contact with what waits, and nothing when nothing does.

Rooms say what belongs in it: open tasks come by themselves (each room's kinds under one section), and `brings` adds what
is no task. `acts` says what a line's one-click answer does. A link shows, a button acts; a line names no candidate, as no
task of an employer does. Which section comes how is each reader's choice (`ways_of`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.queries import seated_today
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import lazy
from portal.outbox.models import Letter, LetterState
from portal.tasks.digest_models import LetterWay
from portal.tasks.models import Task
from portal.tasks.queries import line_of

DIGEST, AT_ONCE, NEVER = "digest", "at_once", "never"
# The week's letter itself, among the sections.
WHOLE = "digest"
STOP, LINK_LIVES = "tasks.stop", timedelta(days=60)
CALL = "call"


@dataclass(frozen=True)
class Section:
    """A kind of thing. `rooms`: whose tasks fall under it; `ways`: what its readers may choose; `begins`: without a choice."""

    label: Any
    hint: Any
    ways: tuple[str, ...]
    begins: str = DIGEST
    rooms: tuple[str, ...] = ()


SECTIONS: dict[str, Section] = {
    "interviews": Section(
        lazy("Interviews"), lazy("Answers and cards that somebody waits for."), (DIGEST, NEVER), rooms=("interviews",)
    ),
    "aftercare": Section(
        lazy("How it goes at work"), lazy("Short forms about somebody who started."), (DIGEST, NEVER),
        rooms=("aftercare", "placements"),
    ),
    "proposals": Section(
        lazy("Proposals"), lazy("Somebody whom your project worker proposes."), (DIGEST, NEVER), rooms=("showcase", "approaches")
    ),
    "profiles": Section(lazy("Profiles to read"), lazy("Vacancies with profiles that nobody opened."), (DIGEST, NEVER)),
    "vacancies": Section(
        lazy("Your vacancies"), lazy("Those that end soon, or have just ended."), (AT_ONCE, DIGEST, NEVER), AT_ONCE,
        rooms=("employers",),
    ),
    "network": Section(
        lazy("Ambassadors and peers"), lazy("Questions of peers, invitations and visits."), (DIGEST, NEVER),
        rooms=("ambassadors", "answers"),
    ),
}  # fmt: skip
WAYS: dict[str, Any] = {
    DIGEST: lazy("In the week's letter"), AT_ONCE: lazy("In a letter of its own, and in the week's letter"), NEVER: lazy("Not by letter"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that waits. `subject` names its row ("vacancy:12"); `address`: the page where it is done, after signing in.

    `answers`: (code, label) of what one press can do. `way`: the reader's own link to that page, where it needs no sign-in.
    """

    section: str
    subject: str
    title: str
    text: str
    address: str
    action: str
    answers: tuple[tuple[str, Any], ...] = field(default=())
    way: PersonalLink | None = None


Lines = Mapping[int, Sequence[Line]]
Provider = Callable[[Collection[int]], Lines]
Deed = Callable[[int, int, str], None]
Asked = Collection[tuple[int, int]]
Ways = Callable[..., Mapping[tuple[int, int], PersonalLink]]
_providers: dict[str, Provider] = {}
_deeds: dict[str, Deed] = {}
_ways: dict[str, Ways] = {}
_kept_from: dict[str, Callable[[Collection[int]], set[int]]] = {}
_silent: list[Callable[[Collection[int]], sa.Select[int]]] = []
_calls: list[Callable[[int, Line], None]] = []


def brings(section: str, provider: Provider) -> None:
    """What of a room's rows stands in the letters of these people, by person, in as many queries for any number of them."""
    _providers[section] = provider


def acts(kind: str, deed: Deed) -> None:
    """What the one-click answers of a kind of row do: (its number, the person, the answer's code)."""
    _deeds[kind] = deed


def opens(kind: str, ways: Ways) -> None:
    """Which personal links lead to a kind of row without signing in, by (its number, the person): those that stand, and with
    `make` also new ones, for a letter that leaves."""
    _ways[kind] = ways


def stays_silent(whom: Callable[[Collection[int]], sa.Select[int]]) -> None:
    """Who of some people gets no letter of the week at all (a company that rests)."""
    _silent.append(whom)


def keeps_from(kind: str, whom: Callable[[Collection[int]], set[int]]) -> None:
    """Who reads of a kind of task on the page of today only, and in no letter."""
    _kept_from[kind] = whom


def calls(call: Callable[[int, Line], None]) -> None:
    """What "call me about this" does."""
    _calls[:] = [call]


def silent(people: Collection[int]) -> set[int]:
    return {one for found in silent_ones(people) for one in db.session.scalars(found)}


def silent_ones(people: Collection[int]) -> list[sa.Select[int]]:
    """The same as selects, for who asks for somebody anyway."""
    return [whom(people) for whom in _silent]


# --- What stands in it --------------------------------------------------------------------------------------------


def lines_for(people: Collection[int]) -> dict[int, list[Line]]:
    """What waits for each of these people, in the language that is spoken now; by section, in the order of SECTIONS."""
    found: dict[int, list[Line]] = defaultdict(list)
    given = {section: provider(people) for section, provider in _providers.items()}
    tasks = _tasks(people)
    for section in SECTIONS:
        for person in people:
            found[person] += [one for one in tasks.get(person, ()) if one.section == section]
            found[person] += given.get(section, {}).get(person, ())
    return dict(found)


def _tasks(people: Collection[int]) -> dict[int, list[Line]]:
    """Their own, and those of whoever has their role in their company."""
    whose = list(people)
    held = sa.and_(
        Task.owner_id.is_(None), Membership.role == Task.role, Membership.organisation_id == Task.organisation_id,
        *seated_today(),
    )  # fmt: skip
    statement = (
        sa.select(Task, sa.func.coalesce(Task.owner_id, Membership.person_id))
        .outerjoin(Membership, held)
        .where(Task.closed_at.is_(None), sa.or_(Task.owner_id.in_(whose), Membership.person_id.in_(whose)))
        .order_by(Task.due, Task.id)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    rows = db.session.execute(statement).all()
    kinds = {task.kind for task, _person in rows}
    away = {kind: whom(people) for kind, whom in _kept_from.items() if kind in kinds}
    for task, person in rows:
        section = _section_of(task.kind)
        if section is not None and person not in away.get(task.kind, ()):
            one = line_of(task)
            found[person].append(
                Line(
                    section, f"{task.subject_kind}:{task.subject_id}", one.title, one.why, one.url, one.action_label,
                    ((CALL, lazy("Call me about this")),) if _calls else (),
                )
            )  # fmt: skip
    return found


def _section_of(kind: str) -> str | None:
    room = kind.partition(".")[0]
    return next((code for code, one in SECTIONS.items() if room in one.rooms), None)


def wanted(people: Collection[int], lines: Mapping[int, Sequence[Line]]) -> dict[int, list[Line]]:
    """Without what somebody does not want by letter."""
    ways = chosen(people)
    return {
        person: [one for one in lines.get(person, ()) if ways.get((person, one.section)) != NEVER] for person in people
    }


def without_told(people: Collection[int], lines: Mapping[int, Sequence[Line]]) -> dict[int, list[Line]]:
    """Without what went today as a letter of its own."""
    refs = {f"person:{one}" for one in people}
    rows = db.session.execute(
        sa.select(Letter.recipient_ref, Letter.about_kind, Letter.about_id).where(
            Letter.recipient_ref.in_(refs), Letter.created_at >= clock.midnight(clock.today()),
            Letter.state.in_([LetterState.WAITING, LetterState.SENT]), Letter.about_id.is_not(None),
        )
    )  # fmt: skip
    told = {(ref, f"{kind}:{number}") for ref, kind, number in rows}
    return {
        person: [one for one in lines.get(person, ()) if (f"person:{person}", one.subject) not in told]
        for person in people
    }


def with_ways(lines: Mapping[int, Sequence[Line]], *, make: bool = False) -> dict[int, list[Line]]:
    """Each line with its reader's own link, where its room gives one. A page only shows what stands; a letter may `make`."""
    asked: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for person, theirs in lines.items():
        for one in theirs:
            kind, _colon, number = one.subject.partition(":")
            if kind in _ways:
                asked[kind].add((int(number), person))
    found = {
        (f"{kind}:{number}", person): link
        for kind, wanted in asked.items()
        for (number, person), link in _ways[kind](wanted, make=make).items()
    }
    return {
        person: [replace(one, way=found.get((one.subject, person))) for one in theirs]
        for person, theirs in lines.items()
    }


# --- What is answered ---------------------------------------------------------------------------------------------


def answer(person_id: int, line: Line, code: str) -> None:
    """One press. Only what the line offers can be pressed."""
    if code == CALL and _calls:
        _calls[0](person_id, line)
        return
    kind, _colon, number = line.subject.partition(":")
    _deeds[kind](int(number), person_id, code)


# --- How somebody wants to hear -----------------------------------------------------------------------------------


def chosen(people: Collection[int]) -> dict[tuple[int, str], str]:
    rows = sa.select(LetterWay.person_id, LetterWay.section, LetterWay.way).where(LetterWay.person_id.in_(list(people)))
    return {(person, section): way for person, section, way in db.session.execute(rows)}


def ways_of(people: Collection[int], section: str) -> dict[int, str]:
    """How each of these people wants to hear of a section, in one query."""
    known = chosen(people)
    return {one: known.get((one, section), SECTIONS[section].begins) for one in people}


def choose(person_id: int, section: str, way: str) -> LetterWay:
    row = _row(person_id, section)
    if row is None:
        row = LetterWay(person_id=person_id, section=section, way=way)
        db.session.add(row)
    row.way = way
    return row


def _row(person_id: int, section: str) -> LetterWay | None:
    return db.session.scalar(sa.select(LetterWay).where(LetterWay.person_id == person_id, LetterWay.section == section))


def stop_link(person: Person, section: str) -> PersonalLink:
    """The link by which one press ends a kind of letter, for the letter's own button and for the mail program's (RFC 8058)."""
    row = _row(person.id, section) or choose(person.id, section, SECTIONS[section].begins)
    if row.id is None:
        db.session.flush()
    reader = f"person:{person.id}"
    standing = links.standing(STOP, row, reader=reader)
    if standing is not None and standing.expires_at - clock.now() > LINK_LIVES / 2:
        return standing
    return links.make(STOP, row, reader=reader, expires=clock.now() + LINK_LIVES, single_use=False)

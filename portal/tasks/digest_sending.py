"""Writing the week's letters: whoever's hour has come, each once a week, whatever restarts and however many workers run.

A week is the Monday it begins with and an hour is Belgium's, so a change of clocks moves nothing. Whoever was missed while
no worker ran is written to within two days; after that next week's letter says it.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.roles import EMPLOYERS
from portal.foundation import clock
from portal.foundation.addresses import address_of
from portal.foundation.database import db
from portal.foundation.words import LANGUAGES, date_long, speaking
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.tasks import digest
from portal.tasks.digest import Line
from portal.tasks.digest_models import DigestLetter, DigestRhythm, LetterWay

LETTER, PURPOSE = "tasks/digest", "tasks.week"
BATCH = 200
LATE = 48  # hours
LINK_LIVES = timedelta(days=30)


def send_due() -> int:
    """Leave the letters whose hour has come; returns how many (each minute). A batch is one transaction."""
    done = 0
    while people := _claim():
        done += write(people)
        db.session.commit()
    db.session.rollback()
    return done


def _claim() -> list[int]:
    """Take up to BATCH contacts whose hour has come: whoever changes the row first has it."""
    now = clock.local(clock.now())
    week, hour = clock.monday_of(now.date()), now.weekday() * 24 + now.hour
    try:
        with db.session.begin_nested():
            _everybody_has_a_rhythm()
    except IntegrityError:
        return []  # another worker writes them this very moment; the next minute finds them
    slot = DigestRhythm.weekday * 24 + DigestRhythm.hour
    not_yet = sa.or_(DigestRhythm.last_week.is_(None), DigestRhythm.last_week < week)
    unwanted = sa.exists().where(
        LetterWay.person_id == DigestRhythm.person_id, LetterWay.section == digest.WHOLE, LetterWay.way == digest.NEVER
    )
    due = (
        sa.select(DigestRhythm.id)
        .where(not_yet, slot <= hour, slot > hour - LATE, DigestRhythm.person_id.in_(contacts()), ~unwanted)
        .order_by(DigestRhythm.id)
        .limit(BATCH)
    )
    taken = (
        sa.update(DigestRhythm)
        .where(DigestRhythm.id.in_(due), not_yet)
        .values(last_week=week)
        .returning(DigestRhythm.person_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.session.scalars(taken))


def contacts() -> sa.Select[Any]:
    """Whoever speaks for a company today and can sign in."""
    today = clock.today()
    return (
        sa.select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role.in_(EMPLOYERS), Membership.since <= today, Person.deactivated_at.is_(None))
        .where(Person.confirmed_at.is_not(None))
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
    )


def _everybody_has_a_rhythm() -> None:
    without = contacts().where(~sa.exists().where(DigestRhythm.person_id == Person.id)).distinct()
    for person in db.session.scalars(without.limit(BATCH * 5)).all():
        db.session.add(DigestRhythm(person_id=person))


def write(people: Sequence[int]) -> int:
    """One letter for each of them for whom something waits; as many queries for any number of people."""
    speaks = {one.id: one for one in db.session.scalars(sa.select(Person).where(Person.id.in_(people)))}
    silent = digest.silent(people)
    heard = [one for one in people if one not in silent]
    lines = digest.without_told(heard, digest.wanted(heard, _by_language(heard, speaks)))
    lines = digest.with_ways(lines, make=True)
    waiting = [one for one in heard if lines.get(one)]
    week = clock.monday_of(clock.today())
    letters = [DigestLetter(person_id=one, week=week) for one in waiting]
    db.session.add_all(letters)
    db.session.flush()
    opens = [_link(one) for one in letters]
    db.session.add_all(opens)
    db.session.flush()
    for letter, link in zip(letters, opens, strict=True):
        person = speaks[letter.person_id]
        with speaking(person.language):
            values = values_of(person.first_name, lines[person.id])
        sealed = {"link": links.in_letter(link), "unsubscribe": {"$week_stop": link.id}}
        outbox.leave(LETTER, to=accounts.recipient(person), values={**values, **sealed}, about=letter)
    return len(letters)


def _by_language(people: Collection[int], speaks: dict[int, Person]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for code in LANGUAGES:
        some = [one for one in people if speaks[one].language == code]
        if some:
            with speaking(code):
                found |= digest.lines_for(some)
    return found


def _link(letter: DigestLetter) -> PersonalLink:
    return PersonalLink(
        purpose=PURPOSE, subject_kind=DigestLetter.__tablename__, subject_id=letter.id, reader=f"person:{letter.person_id}",
        expires_at=clock.now() + LINK_LIVES, single_use=False, version=1,
    )  # fmt: skip


def values_of(first_name: str, lines: Sequence[Line]) -> dict[str, Any]:
    """What the letter says, as plain values, in the language that is spoken now."""
    base = address_of("site.home").rstrip("/")
    sections = [
        {
            "label": str(digest.SECTIONS[code].label),
            "lines": [_plain(one, base) for one in lines if one.section == code],
        }
        for code in digest.SECTIONS
        if any(one.section == code for one in lines)
    ]
    return {
        "first_name": first_name, "sections": sections, "count": len(lines), "settings": address_of("tasks.letters"),
        "day": date_long(clock.today()), "first": lines[0].title if lines else "",
    }  # fmt: skip


def _plain(line: Line, base: str) -> dict[str, Any]:
    address = f"{base}{line.address}" if line.way is None else links.in_letter(line.way)
    return {
        "title": line.title, "text": line.text, "action": line.action, "address": address,
        "answers": [str(label) for _code, label in line.answers], "at": anchor(line),
    }  # fmt: skip


def anchor(line: Line) -> str:
    """Where a line stands on the page of the letter's link."""
    return f"{line.section}-{line.subject.replace(':', '-')}"


@outbox.resolves("week_stop", beforehand=lambda _number: address_of("tasks.stop", token="0" * 8))
def _stop(link_id: int) -> str:
    """The letter's own link ends the letters too: at another page."""
    return address_of("tasks.stop", token=links.token_of(db.session.get_one(PersonalLink, link_id)))


def purge() -> None:
    """Letters of which no link is open any more are forgotten (nightly)."""
    gone = clock.monday_of(clock.today()) - timedelta(days=60)
    db.session.execute(sa.delete(DigestLetter).where(DigestLetter.week < gone))


def still_wanted(letter: Letter) -> bool:
    """Not to somebody who stopped it meanwhile: asked again at sending."""
    number = int(letter.recipient_ref.partition(":")[2] or 0)
    return digest.chosen([number]).get((number, digest.WHOLE)) != digest.NEVER

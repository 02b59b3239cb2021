"""Who is told what about an interview, in the reader's language. No text here knows the candidate, so none can name one."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Person, PersonalLink
from portal.agenda import enclosed
from portal.agenda.messages import CalendarEvent, Status
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import _, date_long, moment, speaking
from portal.interviews.models import Interview, Participant
from portal.interviews.states import Mode
from portal.outbox import service as outbox
from portal.outbox.models import Letter, LetterState
from portal.showcase.models import Interest

# Letters that may bring a newer version of the appointment to somebody's calendar, or its end.
_WITH_CALENDAR = tuple(
    f"interviews/{name}" for name in ("invitation", "replaced", "other_contact", "cancelled", "must_move")
)


def company_of(interview: Interview) -> str:
    return interview.vacancy.employer.organisation.name


def invite(interview: Interview, *people: Person, moved: bool = False) -> None:
    """A calendar invitation (or its newer version) to each, and the note that each was invited."""
    for person in people:
        row = participant(interview, f"person:{person.id}")
        calendar = enclosed.invitation(calendar_event(interview, person), person, known=row.invited_sequence > 0)
        _leave("invitation", interview, person, calendar, moved=moved)
        row.invited_sequence = interview.sequence


def uninvite(interview: Interview, person: Person) -> None:
    """Take one person out, while the interview goes on with the others."""
    _leave("replaced", interview, person, enclosed.withdrawal(calendar_event(interview, person), person, whole=False))


def call_off(interview: Interview, person: Person, template: str, *, invited: bool, **more: Any) -> None:
    """The end of this moment for one reader: with the calendar's own CANCEL where the calendar has it."""
    calendar = None
    if invited:
        calendar = enclosed.withdrawal(calendar_event(interview, person, Status.CANCELLED), person)
    _leave(template, interview, person, calendar, **more)


def propose(interview: Interview, answer: PersonalLink, until: datetime) -> None:
    """The contact hears which moment is held, and can say whether it suits; the invitation follows when all is in order."""
    _leave("proposed", interview, interview.contact, moves=False, **_question(interview.contact, answer, until))


def _question(contact: Person, answer: PersonalLink, until: datetime) -> dict[str, Any]:
    with speaking(contact.language):
        return {"answer": links.in_letter(answer), "until": date_long(clock.local(until - timedelta(minutes=1)).date())}


def ask_times(
    contact: Person, interest: Interest, answer: PersonalLink, *, about: Any, until: datetime, worker: Person | None,
    again: bool,
) -> None:  # fmt: skip
    """The contact is asked when it would like to meet. Nothing here depends on whom it meets."""
    values = {
        "first_name": contact.first_name, "code": interest.code, "vacancy": interest.vacancy.title, "again": again,
        "worker": worker.name if worker else "", "worker_phone": worker.phone if worker else "",
        **_question(contact, answer, until),
    }  # fmt: skip
    outbox.leave("interviews/times", to=accounts.recipient(contact), about=about, values=values)


def other_contact(interview: Interview, person: Person, *, invited: bool) -> None:
    """A colleague has the interview in this contact's place: its calendar is told where it knew."""
    calendar = None
    if invited:
        calendar = enclosed.withdrawal(calendar_event(interview, person), person, whole=False)
    _leave("other_contact", interview, person, calendar)


def remind(interview: Interview, person: Person, hours: int) -> None:
    _leave("reminder", interview, person, hours=hours)


def late(interview: Interview, who: str, minutes: int) -> None:
    """Somebody is on the road and comes later: no reason, and nothing changes in a calendar."""
    _leave("late", interview, interview.contact, who=who, minutes=minutes)


def ask_again(interview: Interview, *, last: bool = False, after_trial: bool = False) -> None:
    """The employer has not answered yet."""
    _leave("waiting", interview, interview.contact, last=last, after_trial=after_trial)


def answer_of_candidate(
    interview: Interview, *, yes: bool, sentences: list[str], trial: bool = False, offered: bool = True
) -> None:
    _leave(
        "offer_answered", interview, interview.contact, yes=yes, sentences=sentences, trial=trial, offered=offered
    )  # fmt: skip


def take_back(interview: Interview, person: Person | None = None) -> None:
    """What speaks of a moment that no longer is: a reminder, a proposal (to `person` only: who no longer takes part).
    Calendar messages all go out, in their order: a proposal of another moment may bring the end of the one before it.
    """
    reader = accounts.recipient(person).ref if person is not None else None
    for name in ("reminder", "proposed"):
        outbox.cancel_waiting(interview, template=f"interviews/{name}", recipient_ref=reader, told_calendars=False)


def tell_it_is_off(
    interview: Interview, template: str, *, answer: PersonalLink | None = None, until: datetime | None = None
) -> None:
    """This moment no longer stands in any calendar. The contact hears it in any case, the others if they were invited.

    With `answer` the letter asks the contact whether the new moment suits.
    """
    asked = {"answer": "", "until": ""}
    if answer is not None and until is not None:
        asked = _question(interview.contact, answer, until)
    invited = {one.person_id for one in interview.participants if one.invited_sequence}
    interview.sequence += 1 if invited else 0
    for person in (interview.contact, interview.companion):
        if person is None or (person.id not in invited and person.id != interview.contact_id):
            continue
        more = asked if person.id == interview.contact_id else {"answer": "", "until": ""}
        call_off(interview, person, template, invited=person.id in invited, moves=person.id in invited, **more)
    for one in interview.participants:
        one.invited_sequence = 0


def in_order(letter: Letter) -> bool:
    """A calendar message that the mail server refused, and that a newer one to the same reader has overtaken, is not sent:
    it would put back what the newer one took out.
    """
    if letter.calendar is None or not letter.attempts:
        return True
    # A moment that is only proposed ends what was certain, and does not tell by itself that a calendar heard so.
    overtakes = (*_WITH_CALENDAR, *(("interviews/proposed",) if letter.calendar["method"] == "REQUEST" else ()))
    newer = sa.select(Letter.id).where(
        Letter.about_kind == letter.about_kind, Letter.about_id == letter.about_id, Letter.id > letter.id,
        Letter.recipient_ref == letter.recipient_ref, Letter.template.in_(overtakes),
        Letter.state.in_((LetterState.WAITING, LetterState.SENT)),
    )  # fmt: skip
    return db.session.scalar(newer.limit(1)) is None


def participant(interview: Interview, party: str) -> Participant:
    """Who is expected; made when there is none yet."""
    found = next((one for one in interview.participants if one.party == party), None)
    if found is None:
        found = Participant(interview_id=interview.id, party=party, invited_sequence=0)
        interview.participants.append(found)
        db.session.flush()
    return found


def where(interview: Interview) -> str:
    """The place, as any reader may know it: where a candidate is met is told by phone, never written."""
    if interview.mode is Mode.VIDEO:
        return _("by video: the worker who comes along sends you the link")
    if interview.mode is Mode.INSIDE:
        return _("the worker who comes along tells you the place")
    place = interview.workplace
    return f"{place.street}, {place.postcode} {place.municipality}"


def _leave(
    template: str, interview: Interview, person: Person, calendar: outbox.Calendar | None = None, **more: Any
) -> None:  # fmt: skip
    with speaking(person.language):
        values = _values(interview, person)
    outbox.leave(
        f"interviews/{template}",
        to=accounts.recipient(person),
        about=interview,
        calendar=calendar,
        values={**values, **more},
    )


def _values(interview: Interview, person: Person) -> dict[str, Any]:
    """What the letters say, in plain values. `starts` lets a reminder be checked again when it is sent."""
    companion = interview.companion
    return {
        "first_name": person.first_name,
        "company": company_of(interview),
        "vacancy": interview.vacancy.title,
        "code": interview.interest.code,
        "when": _("%(moment)s (Belgian time)", moment=moment(interview.starts_at)) if interview.starts_at else "",
        "where": where(interview),
        "contact": interview.contact.name,
        "companion": companion.name if companion else "",
        "companion_phone": companion.phone if companion else "",
        "worker": interview.worker.name,
        "worker_phone": interview.worker.phone,
        "reader_is_contact": person.id == interview.contact_id,
        "starts": interview.starts_at.isoformat() if interview.starts_at else "",
        "link": outbox.address_of("interviews.show", key=interview.key),
    }


def calendar_event(interview: Interview, person: Person, status: Status = Status.CONFIRMED) -> CalendarEvent:
    if interview.starts_at is None or interview.ends_at is None:
        raise ValueError("an interview without a moment is in nobody's calendar")
    with speaking(person.language):
        summary = _("Interview for %(vacancy)s", vacancy=interview.vacancy.title)
        place = where(interview)
        link = outbox.address_of("interviews.show", key=interview.key)
        text = _("%(company)s. All that you need stands here: %(link)s", company=company_of(interview), link=link)
    return CalendarEvent(
        uid=interview.uid, sequence=interview.sequence, start=interview.starts_at, end=interview.ends_at,
        summary=summary, location=place, description=text, status=status,
    )  # fmt: skip

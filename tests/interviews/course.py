"""The course of one interview, walked through a real mail server: what each step tells whose calendar."""

import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import feed as feeds
from portal.agenda.windows import Span
from portal.employers.models import Employer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import contacts, people, planning, service
from portal.interviews.models import Interview
from portal.interviews.states import Mode
from portal.organisations.models import Organisation
from portal.outbox import delivery
from tests.factories import a_person
from tests.interviews.factories import Case, a_company, a_requested, a_worker, again, an_interest, slots_of
from tests.mail_server import MailServer, Message, opened

# Long, and of letters of two and of four bytes, so that lines must be folded between letters and not through them.
TITLE = "Medewerk(st)er heftruck – reçus, façades én één 🚜 op de derde verdieping van het magazijn"


@dataclass(frozen=True)
class Told:
    """One letter with a calendar message: when which step left it, for whom, and what it is."""

    step: str
    at: datetime
    recipients: tuple[str, ...]
    raw: bytes
    message: Message

    @property
    def calendars(self) -> list[Message]:
        return [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]

    @property
    def ics(self) -> bytes:
        return bytes(self.calendars[0].get_payload(decode=True))

    @property
    def calendar(self) -> Any:
        return Calendar.from_ical(self.ics)

    @property
    def event(self) -> Any:
        [event] = self.calendar.walk("VEVENT")
        return event

    @property
    def method(self) -> str:
        return str(self.calendar["METHOD"])

    @property
    def to(self) -> str:
        return email.utils.parseaddr(str(self.message["To"]))[1]


def sent(server: MailServer, step: str) -> list[Told]:
    db.session.commit()
    delivery.deliver()
    came, server.letters = server.letters, []
    all_of = [Told(step, clock.now(), tuple(one.rcpt_tos), one.content, opened(one)) for one in came]
    return [one for one in all_of if one.calendars]


def walk(at: Any) -> Iterator[tuple[str, Interview]]:
    company = a_company()
    company[2].title = TITLE
    case, karim = an_interest(company=company, permission=False), a_worker("Karim")
    colleague = a_person(role=Role.EMPLOYER_CONTACT, first_name="Bart", last_name="Nys", organisation=_of(company[0]))
    db.session.commit()
    interview = a_requested(case)
    yield "held", again(interview)
    for step in (_confirm, _move, _companion, _contact, _cancel):
        at.shift(timedelta(minutes=10))
        with acting.as_(case.worker.id, "project_worker"):
            step(case, again(interview), karim, colleague)
        yield step.__name__.strip("_"), again(interview)


def _of(employer: Employer) -> Organisation:
    return db.session.get_one(Organisation, employer.organisation_id)


def _confirm(_case: Case, interview: Interview, *_others: Person) -> None:
    service.confirm(interview)


def _move(case: Case, interview: Interview, *_others: Person) -> None:
    service.move(interview, slots_of(case, Mode.AT_COMPANY, interview)[1][-1])


def _companion(case: Case, interview: Interview, karim: Person, _colleague: Person) -> None:
    found = slots_of(case, Mode.AT_COMPANY, interview)[0]
    free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
    people.change_companion(interview, free[karim.id])


def _contact(_case: Case, interview: Interview, _karim: Person, colleague: Person) -> None:
    people.change_contact(interview, colleague, contacts.free(interview, [colleague])[colleague.id])


def _cancel(_case: Case, interview: Interview, *_others: Person) -> None:
    service.cancel(interview, "employer")


def feed_of(visitor: Any, person: Person) -> bytes:
    feeds.make(person)
    db.session.commit()
    path = "/calendar/" + feeds.address_of(person).rpartition("/calendar/")[2]
    return visitor._ask(lambda: visitor.client.get(path)).html.encode()

"""What waits for a worker when a company has signed up, and what ends by itself."""

from typing import Any

from portal.accounts.models import Person
from portal.employers import queries, second_step, service, vacancies
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import address_confirmed
from portal.foundation.words import lazy
from portal.tasks import service as tasks

tasks.kind(
    "employers.verify",
    title=lazy("New company: %(company)s"),
    why=lazy("The number is right and the address is confirmed. A call of ten minutes is what is left."),
    action=lazy("Call and verify"),
)


@address_confirmed.connect
def _somebody_can_call(person: Person, **_more: Any) -> None:
    for employer in queries.waiting_of(person):
        service.ask_for_a_call(employer)


def _expire() -> None:
    vacancies.expire_old()
    db.session.commit()


jobs.each_night["employers.expire"] = _expire

__all__ = ["second_step"]

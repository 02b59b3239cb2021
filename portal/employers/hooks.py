"""What waits for a worker when a company has signed up, and what ends by itself."""

from typing import Any

from portal.accounts import links
from portal.accounts.models import Person
from portal.employers import dormancy, join_hooks, queries, second_step, service, successions, team, vacancy_hooks
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import address_confirmed, contact_left
from portal.foundation.words import lazy
from portal.outbox.service import check_before_sending
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


@contact_left.connect
def _somebody_must_take_over(person: Person, *, organisation_id: int, **_more: Any) -> None:
    successions.ask(person, organisation_id)


tasks.kind(
    dormancy.TASK,
    title=lazy("%(company)s went quiet"),
    why=lazy("Nobody answered our letter, so the company rests: no cards, no letters. A short call may bring it back."),
    action=lazy("Call and note it"),
)
tasks.kind(
    team.TASK,
    title=lazy("Who still works at %(company)s?"),
    why=lazy("We asked by letter and reminded once. Ask by phone who left."),
    action=lazy("Look at the team"),
)
links.opens(dormancy.PURPOSE, "employers.still_here")
check_before_sending(dormancy.LETTER)(dormancy.letter_stands)
check_before_sending(team.LETTER)(team.letter_stands)


def _look_for_silence() -> None:
    dormancy.look()
    db.session.commit()


def _ask_about_teams() -> None:
    team.look()
    db.session.commit()


jobs.each_night["employers.dormancy"] = _look_for_silence
jobs.each_night["employers.team"] = _ask_about_teams


__all__ = ["join_hooks", "second_step", "vacancy_hooks"]

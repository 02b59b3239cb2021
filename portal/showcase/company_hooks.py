"""What a company's own changes mean for people who are asked: another client of an agency, somebody who left its team."""

from typing import Any

from portal.employers import dormancy
from portal.employers.models import Employer, Vacancy
from portal.foundation.signals import colleague_left, vacancy_moved
from portal.foundation.words import lazy
from portal.showcase import client_answers
from portal.tasks import service as tasks

tasks.kind(
    client_answers.TASK,
    title=lazy("At %(company)s: another client for somebody of yours"),
    why=lazy("“%(vacancy)s” is for another client now. Without a new yes, that client hears no name."),
    action=lazy("Ask the candidate"),
)
dormancy.busy(client_answers.still_asked)


@vacancy_moved.connect
def _for_another_client(vacancy: Vacancy) -> None:
    client_answers.ask_again(vacancy)


@colleague_left.connect
def _takes_over(employer: Employer, *, person: Any, successor: Any) -> None:
    client_answers.hand_over(employer.id, person.id, successor.id)

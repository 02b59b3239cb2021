"""What somebody asked becomes the company's question once its address is confirmed; whom a company invited, answers."""

from typing import Any

from portal.accounts import links
from portal.accounts.models import Person
from portal.employers import duplicates, joining, passing_on, team_invitations
from portal.employers.join_states import JoinWay
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import address_confirmed
from portal.foundation.words import lazy
from portal.outbox.service import check_before_sending
from portal.tasks import service as tasks

links.opens(passing_on.PURPOSE, "employers.passed_on")
links.opens(team_invitations.PURPOSE, "employers.join_team")
check_before_sending(team_invitations.LETTER)(team_invitations.still_asked)
tasks.kind(
    joining.TASK,
    title=lazy("Somebody wants to speak for %(company)s"),
    why=lazy("Only who knows the company can tell whether this is a colleague."),
    action=lazy("Look and answer"),
)


@address_confirmed.connect
def _the_company_hears(person: Person, **_more: Any) -> None:
    for request, employer in joining.open_of(person):
        if request.way is JoinWay.LETTER:
            passing_on.confirmed(employer, request)
        else:
            joining.put_before(employer, request)


def _ask_workers() -> None:
    joining.waits_long()
    duplicates.fill_missing()
    team_invitations.forget_old()
    db.session.commit()


jobs.each_night["employers.joining"] = _ask_workers

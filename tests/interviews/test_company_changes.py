"""Interviews where the company changes: it is never called silent, a block leaves each to its worker, somebody leaves."""

from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.employers import blocking, dormancy, sites, team
from portal.employers.answers import WorkplaceAnswer
from portal.employers.blocking import BlockingAnswer, UnblockAnswer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import service
from portal.interviews.company_duties import SomebodyIsExpected
from portal.organisations.models import Workplace
from portal.tasks.models import Task
from tests.interviews.factories import CANARY, NOW, a_confirmed, again, an_interest
from tests.interviews.test_clients_of_agencies import an_admin, loaded

pytestmark = pytest.mark.usefixtures("app")


def open_tasks(kind: str) -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None))))


def test_a_company_with_an_interview_to_come_is_never_called_silent(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        case.employer.verified_at = clock.now()
        db.session.commit()
        post.all()
        at.move_to("2027-11-16 09:00:00+00:00")
        dormancy.look()
        assert loaded(case.employer).asked_still_here_on is None
        service.cancel(again(interview), "vacancy_filled")
        db.session.commit()
        post.all()
        dormancy.look()
        assert loaded(case.employer).asked_still_here_on is not None


def test_a_blocked_company_reads_no_interview_and_its_worker_has_a_task(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        an = visitors(case.contact)
        an.open(f"/interviews/{interview.key}").says(CANARY)
        with acting.as_(case.worker.id, Role.PROJECT_WORKER):
            blocking.block(loaded(case.employer), BlockingAnswer("asked_the_past", "Vroeg naar het verleden."))
            db.session.commit()
        again_in = visitors(case.contact)
        again_in.open(f"/interviews/{interview.key}", status=404).lacks(CANARY)
        again_in.open("/interviews").lacks(case.interest.code, CANARY)
        task = open_tasks("interviews.company_blocked")[0]
        assert task.owner_id == case.worker.id and CANARY not in str(task.words)
        with acting.as_(case.worker.id, Role.PROJECT_WORKER):
            blocking.unblock(loaded(case.employer), UnblockAnswer("Het was een misverstand."))
            db.session.commit()
        assert open_tasks("interviews.company_blocked") == []
        an = visitors(case.contact)
        an.open(f"/interviews/{interview.key}").says(CANARY)


def test_a_sign_in_ends_with_the_block(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        an = visitors(case.contact)
        an.open("/vacancies")
        with acting.as_(case.worker.id, Role.PROJECT_WORKER):
            blocking.block(loaded(case.employer), BlockingAnswer("unsafe", "Onveilig."))
            db.session.commit()
        assert an.open("/vacancies").path == "/sign-in"


def test_an_address_where_somebody_is_expected_does_not_move(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        place = db.session.get_one(Workplace, a_confirmed(case).workplace_id)
        moved = WorkplaceAnswer("Depot", "Markt 1", "2800", "Mechelen", "")
        with pytest.raises(SomebodyIsExpected):
            sites.change(place, moved)
        sites.change(place, WorkplaceAnswer("Magazijn", place.street, place.postcode, place.municipality, "Bus 4"))
        assert place.name == "Magazijn"


def test_who_leaves_hands_over_and_the_name_goes_along_with_the_interview(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview, els = a_confirmed(case), None
        els = an_admin(case)
        path = f"/company/team/{case.contact.key}/leave"
        page = visitors(els).open(path)
        page.send("Draag over", successor=els.key).says("zit niet meer in het team")
        row = again(interview)
        assert row.contact_id == els.id and row.vacancy.contact_id == els.id
        visitors(els).open(f"/interviews/{interview.key}").says(CANARY)
        gone = visitors(case.contact)
        gone.open(f"/interviews/{interview.key}", status=403)
        assert CANARY not in "".join(one.text + one.subject for one in post.all())


def test_a_successor_who_is_busy_then_leaves_the_moment_to_the_worker(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        els = an_admin(case)
        other = an_interest(case.worker, company=(case.employer, els, case.vacancy), permission=False)
        assert other
        from portal.agenda.models import Absence

        db.session.add(Absence(person_id=els.id, starts_at=interview.starts_at, ends_at=interview.ends_at))
        db.session.commit()
        employer = loaded(case.employer)
        with acting.as_(els.id, Role.EMPLOYER_ADMIN):
            team.leave(employer, team.seat_of(employer, case.contact.key), successor=els.key)
        db.session.commit()
        task = open_tasks("interviews.contact_left")[0]
        assert task.owner_id == case.worker.id

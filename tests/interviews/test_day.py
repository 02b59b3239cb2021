"""The worker's day: where to be and with whom, somebody comes later, who was there, the notes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.agenda.day import Stop, _lines
from portal.agenda.models import SitDay
from portal.candidates.models import Candidate, Screening
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.day_models import InterviewNote, RunningLate
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState, Presence
from portal.journal.models import Entry
from portal.placements.models import Placement, PlacementState
from portal.programmes.models import Site
from portal.trajectories.models import Trajectory
from tests.candidates.factories import a_referral
from tests.factories import a_person, a_programme
from tests.interviews.factories import (
    CANARY,
    NOW,
    Case,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    an_interest,
)

pytestmark = pytest.mark.usefixtures("app")
NAMES = (CANARY, "Kwartelslag", "Oudenaarde", "Gevangenis")


def _day(interview: Interview) -> date:
    assert interview.starts_at is not None
    return clock.local(interview.starts_at).date()


def a_sit_day(worker: Person, day: date, *candidates: Candidate, starts: time = time(13)) -> SitDay:
    """A sit-day in a prison, with a talk for each of these people."""
    site = db.session.scalars(sa.select(Site)).first()
    assert site is not None
    row = SitDay(
        programme_id=a_programme().id, site_id=site.id, worker_id=worker.id, day=day, starts=starts, slots=3,
        slot_minutes=60,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for nth, candidate in enumerate(candidates):
        referral = a_referral()
        referral.candidate_id = candidate.id
        begins = clock.at(day, time(starts.hour + nth))
        talk = Screening(
            candidate_id=candidate.id, referral_id=referral.id, sit_day_id=row.id, worker_id=worker.id, starts_at=begins,
            done_on=None,
        )  # fmt: skip
        db.session.add(talk)
        db.session.flush()
        _hold(talk, worker, begins)
    db.session.commit()
    return row


def _hold(talk: Screening, worker: Person, begins: datetime) -> None:
    from portal.agenda import holds
    from portal.agenda.models import HoldKind
    from portal.agenda.windows import Span

    span = Span(begins, begins + timedelta(hours=1))
    held = holds.take(talk, HoldKind.SCREENING, span, [holds.Party(holds.person(worker.id), span)])
    talk.hold_id = held[holds.person(worker.id)].id


def a_visit(case: Case, day: date, *voices: Voice) -> Placement:
    """Somebody at work, and a visit that day."""
    trajectory = db.session.scalars(sa.select(Trajectory).where(Trajectory.candidate_id == case.candidate.id)).one()
    placement = Placement(
        candidate_id=case.candidate.id, trajectory_id=trajectory.id, employer_id=case.employer.id,
        vacancy_id=case.vacancy.id, contact_id=case.contact.id, worker_id=case.worker.id,
        workplace_id=case.vacancy.workplace_id, state=PlacementState.ONGOING, starts_on=day - timedelta(days=7),
        form="permanent", hours_week=38,
    )  # fmt: skip
    db.session.add(placement)
    db.session.flush()
    db.session.add_all(
        CheckIn(
            placement_id=placement.id, candidate_id=case.candidate.id, voice=voice, moment="week1", week=1,
            channel="visit", planned_for=day, due=day, state=CheckInState.DUE,
        )
        for voice in voices or (Voice.EMPLOYEE, Voice.EMPLOYER)
    )  # fmt: skip
    db.session.commit()
    return placement


def _late(visitor: Any, page: Any, minutes: str = "20", who: str = "candidate") -> Any:
    return visitor.post(
        f"/interviews/{page}/late", {"csrf_token": _token(visitor), "who": who, "minutes": minutes, "once": minutes + who}
    )  # fmt: skip


def _token(visitor: Any) -> str:
    return str(visitor.open("/agenda/day").tree.xpath("//input[@name='csrf_token']")[0].get("value"))


# --- The page -----------------------------------------------------------------------------------------------------


def test_each_room_brings_its_own_stop_in_order_of_time(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        day = _day(interview)
        other = an_interest(case.worker, permission=False, name="Bakkerij Moens")
        a_sit_day(case.worker, day, other.candidate, starts=time(14))
        a_visit(other, day)
        page = visitors(case.worker).open(f"/agenda/day?day={day}")
        order = [
            page.text.index(words)
            for words in ("Transport Nys", "Zitdag", "Op een uur dat je zelf kiest", "Bakkerij Moens")
        ]
        assert order == sorted(order)
        page.says(
            f"{CANARY} Kwartelslag", "Kaai 4, 9000 Gent", "An Nys", "Vertrek om", "minuten onderweg", "Screening",
            "Bus 3, halte Kaai", "Het blad voor de kandidaat", "mag geen telefoon binnen",
        )  # fmt: skip
        assert "geo:" not in page.html
        assert "maps" not in page.html


def test_an_empty_day_teaches_and_the_days_beside_it_are_a_press_away(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = visitors(a_worker())
        page = worker.open("/agenda/day").says("Niets gepland", "Mijn week")
        page.follow("Dag erna").says("Dinsdag 17 november 2026").follow("Vandaag").says("Maandag 16 november 2026")
        worker.open("/agenda/day?day=banaan").says("Maandag 16 november 2026")


@pytest.mark.engine
def test_a_day_costs_the_same_for_one_stop_and_for_eight(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        day = _day(interview)
        lien = visitors(case.worker)
        cost = []
        for _round in range(2):
            page = lien.open(f"/agenda/day?day={day}")
            cost.append(len(page.queries))
            db.session.add(_a_note(interview))
            others = [an_interest(case.worker, permission=False, name=f"Bedrijf {n}") for n in range(6)]
            for nth, other in enumerate(others[:3]):
                _talk_at(other, clock.at(day, time(15 + nth)))
            a_sit_day(case.worker, day, others[3].candidate, others[4].candidate, starts=time(6))
            for other in others[3:]:
                a_visit(other, day)
            db.session.commit()
            if _round == 0:
                page = lien.open(f"/agenda/day?day={day}")
                cost.append(len(page.queries))
                assert len(page.tree.xpath("//section[contains(@class, 'stop')]")) == 8
                break
        alone, eight = cost
        # One more for the journal of the notes that the second page shows.
        assert alone <= eight <= 8
        assert len(lien.open(f"/agenda/day/paper?day={day}").queries) <= 8


def _a_note(interview: Interview) -> InterviewNote:
    return InterviewNote(
        interview_id=interview.id, candidate_id=interview.candidate_id, person_id=interview.companion_id or 0,
        words="Sterk gesprek.", changed_at=clock.now(),
    )  # fmt: skip


def _talk_at(case: Case, starts_at: datetime) -> Interview:
    """A confirmed interview at an hour, without looking for one."""
    interview = a_confirmed(case, slot=20)
    interview.starts_at, interview.ends_at = starts_at, starts_at + timedelta(hours=1)
    db.session.commit()
    return interview


def test_the_way_between_two_places_is_counted_and_a_tight_one_is_said() -> None:
    nine = datetime(2026, 11, 17, 9, tzinfo=UTC)

    def stop(key: str, hour: int, postcode: str, address: str = "Kaai 4") -> Stop:
        begins = nine + timedelta(hours=hour)
        return Stop(
            key=key, kind="", title="", url="", worker_id=1, worker="", starts_at=begins,
            ends_at=begins + timedelta(minutes=60), postcode=postcode, address=address,
            road_from=begins - timedelta(minutes=30),
        )  # fmt: skip

    lines = list(_lines([stop("a", 0, "9000"), stop("b", 1, "8000"), stop("c", 4, "9000"), stop("d", 5, "9000")]))
    roads = [line.road for line in lines]
    assert roads[0] is not None
    assert (roads[0].minutes, roads[0].leave_at) == (30, nine - timedelta(minutes=30))
    assert roads[1] is not None
    assert roads[1].tight
    assert roads[2] is not None
    assert not roads[2].tight
    assert roads[2].leave_at == nine + timedelta(hours=4) - timedelta(minutes=roads[2].minutes)
    assert roads[3] is None


# --- Whose day ------------------------------------------------------------------------------------------------------


def test_a_day_is_its_workers_own_and_every_name_is_journalled(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        day = _day(interview)
        visitors(case.worker).open(f"/agenda/day?day={day}").says(CANARY)
        read = db.session.scalars(sa.select(Entry).where(Entry.actor_id == case.worker.id, Entry.seen)).all()
        assert [one.about for one in read if one.reason == "the worker's day"] == [case.candidate.id]
        karim = visitors(a_worker("Karim"))
        karim.open(f"/agenda/day?day={day}").lacks("Transport Nys", *NAMES)
        karim.open(f"/interviews/{interview.key}/note", status=404)
        karim.open(f"/interviews/{interview.key}/late", status=404)
        assert visitors(case.contact).client.get("/agenda/day").status_code == 403


@pytest.mark.engine
def test_a_coordinator_sees_who_is_where_and_no_name(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        day = _day(interview)
        a_visit(an_interest(case.worker, permission=False, name="Bakkerij Moens"), day)
        griet = visitors(a_coordinator())
        page = griet.open(f"/agenda/day/team?day={day}")
        page.says("Lien Claes", "Transport Nys", "Kaai 4", "Bakkerij Moens").lacks(CANARY, "Kwartelslag")
        griet.open(f"/interviews/{interview.key}/note", status=404)
        elsewhere = a_person(
            role=Role.COORDINATOR, first_name="Femke", last_name="Raes", programme=a_programme("Brussel")
        )
        visitors(elsewhere).open(f"/agenda/day/team?day={day}").lacks("Transport Nys", "Lien Claes")
        assert visitors(case.worker).client.get("/agenda/day/team").status_code == 403


def test_who_only_goes_along_reads_the_day_until_a_week_after(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        interview.worker_id = a_worker("Karim").id
        db.session.commit()
        at.move_to(interview.ends_at + timedelta(days=6))
        visitors(case.worker).open(f"/agenda/day?day={_day(interview)}").says(CANARY)
        at.move_to(interview.ends_at + timedelta(days=8))
        visitors(case.worker).open(f"/agenda/day?day={_day(interview)}").lacks(CANARY, "Transport Nys")


# --- Somebody comes later ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "said"), [("companion", "Lien Claes is onderweg"), ("candidate", "De kandidaat komt ongeveer 20 minuten")]
)
def test_one_press_tells_the_company_in_neutral_words(visitors: Any, post: Any, who: str, said: str) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest()
        case.contact.phone = "09 123 45 67"
        interview = a_confirmed(case)
        before = (interview.starts_at, interview.sequence)
        at.move_to(interview.starts_at - timedelta(minutes=40))
        lien = visitors(case.worker)
        page = _late(lien, interview.key, "20", who)
        page.says("An Nys krijgt een bericht", "09 123 45 67")
        letter = post.last(case.contact.email, "interviews/late")
        assert said in letter.text
        assert letter.calendar is None
        everything = letter.subject + letter.text + letter.html
        for word in (*NAMES, "vergunning", "gevangenis", "PSD"):
            assert word not in everything
        assert (again(interview).starts_at, again(interview).sequence) == before
        entry = db.session.scalars(sa.select(Entry).where(Entry.action == "interview.running_late")).one()
        assert entry.details == {"who": who, "minutes": 20}
        lien.open("/agenda/day").says("20 minuten later", "Bel ook")


def test_it_works_on_the_day_only_until_the_end_and_three_times_at_most(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        _late(visitors(case.worker), interview.key)
        at.move_to(interview.starts_at - timedelta(minutes=40))
        lien = visitors(case.worker)
        for minutes in ("10", "20", "30"):
            _late(lien, interview.key, minutes)
        again_sent = _late(lien, interview.key, "30")
        assert again_sent.status == 200
        refused = _late(lien, interview.key, "10", "companion")
        assert refused.status == 409
        lien.open("/agenda/day").lacks('name="minutes"')
        assert db.session.scalar(sa.select(sa.func.count(RunningLate.id))) == 3
        at.move_to(interview.ends_at)
        _late(visitors(case.worker), interview.key, "20", "companion")
        assert db.session.scalar(sa.select(sa.func.count(RunningLate.id))) == 3


def test_a_letter_that_could_not_leave_in_time_is_not_sent(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        post.all()
        at.move_to(interview.starts_at - timedelta(minutes=40))
        _late(visitors(case.worker), interview.key)
        at.move_to(interview.ends_at + timedelta(minutes=1))
        assert "interviews/late" not in [one.template for one in post.all()]


# --- Who was there --------------------------------------------------------------------------------------------------


def test_held_takes_two_presses_on_the_day_and_nothing_before_the_start(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        at.move_to(interview.starts_at - timedelta(minutes=30))
        visitors(case.worker).open("/agenda/day").lacks("Wie was er?")
        at.move_to(interview.starts_at + timedelta(minutes=50))
        lien = visitors(case.worker)
        page = lien.open("/agenda/day").says("Wie was er?").send("Alle drie waren er")
        assert page.path == "/agenda/day"
        assert again(interview).state is InterviewState.HELD
        page.says("Genoteerd", "Verbeter wie er was")


def test_case_19_each_participant_apart_reversible_and_in_the_journal(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        at.move_to(interview.starts_at + timedelta(minutes=20))
        lien = visitors(case.worker)
        page = lien.open("/agenda/day").send("Noteer dit", candidate="no_show", contact="present", companion="present")
        page.says("kwam niet", "Kies een ander moment")
        assert again(interview).state is InterviewState.CONFIRMED
        page.send("Noteer dit", candidate="excused", contact="present", companion="present").says("verwittigde vooraf")
        page = lien.open("/agenda/day").send("Noteer dit", candidate="present", contact="present", companion="present")
        assert again(interview).state is InterviewState.HELD
        noted = {one.party: one.presence for one in again(interview).participants}
        assert set(noted.values()) == {Presence.PRESENT}
        assert len(db.session.scalars(sa.select(Entry).where(Entry.action == "presence.recorded")).all()) == 3
        visitors(case.contact).open(f"/interviews/{interview.key}").lacks("kwam niet", "verwittigde vooraf")


# --- On paper -------------------------------------------------------------------------------------------------------


def test_the_sheet_has_the_whole_day_with_short_names_and_room_to_write(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        page = visitors(case.worker).open(f"/agenda/day/paper?day={_day(interview)}")
        page.says(f"{CANARY} K.", "Transport Nys", "Kaai 4", "An Nys", "Uren: 09.15", "Vernietig")
        # It may lie on the company's table.
        page.lacks("Kwartelslag", "ergunning", "Gevangenis", "Oudenaarde")
        assert page.tree.xpath("//*[@class='paper-rule']")
        read = db.session.scalars(sa.select(Entry).where(Entry.seen, Entry.about == case.candidate.id)).all()
        assert "print the worker's day" in [one.reason for one in read]


# --- The notes --------------------------------------------------------------------------------------------------------

JSON = {"Accept": "application/json"}


class Desk:
    """A browser with the notes of one interview open, as the script uses it."""

    def __init__(self, visitor: Any, interview: Interview) -> None:
        self.visitor, self.path = visitor, f"/interviews/{interview.key}/note"
        page = visitor.open(self.path)
        self.token = page.tree.xpath("//main//input[@name='csrf_token']")[0].get("value")

    def send(self, words: str, version: int, key: str) -> Any:
        data = {"csrf_token": self.token, "words": words, "version": str(version), "once": key}
        return self.visitor._ask(lambda: self.visitor.client.post(self.path, data=data, headers=JSON))

    def state(self) -> Any:
        return self.visitor._ask(lambda: self.visitor.client.get(f"{self.path}/state"))


def _confirmed() -> tuple[Case, Interview]:
    case = an_interest(permission=False)
    return case, a_confirmed(case)


def test_notes_are_kept_by_a_plain_form_and_read_by_the_team_alone(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, interview = _confirmed()
        lien = visitors(case.worker)
        page = lien.open(f"/agenda/day?day={_day(interview)}").send(
            "Bewaar de notities", words="Sterk in ploeg.\nBelt maandag."
        )
        page.says("Je notities zijn bewaard", "Belt maandag.")
        raw = db.session.execute(sa.text("SELECT words FROM interview_note")).scalar_one()
        assert "ploeg" not in raw
        note = db.session.scalars(sa.select(InterviewNote)).one()
        assert (note.candidate_id, note.version, note.words) == (case.candidate.id, 1, "Sterk in ploeg.\nBelt maandag.")
        lien.open(f"/interviews/{interview.key}").says("Sterk in ploeg.", "Schrijf notities")
        visitors(a_coordinator()).open(f"/interviews/{interview.key}").says("Sterk in ploeg.").lacks("Schrijf notities")
        visitors(case.contact).open(f"/interviews/{interview.key}").lacks("ploeg", "otities")
        assert visitors(case.contact).client.get(f"/interviews/{interview.key}/note").status_code == 403
        read = db.session.scalars(sa.select(Entry).where(Entry.action == "interview.note_read")).all()
        assert {one.about for one in read} == {case.candidate.id}


@pytest.mark.engine
def test_a_sending_whose_answer_was_lost_is_kept_once(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, interview = _confirmed()
        desk = Desk(visitors(case.worker), interview)
        first = desk.send("Een", 0, "a" * 32)
        assert (first.status, first.response.json["version"]) == (200, 1)
        assert first.response.headers["Cache-Control"] == "no-store"
        assert desk.send("Een", 0, "a" * 32).response.json["version"] == 1
        assert desk.send("Een, twee", 1, "b" * 32).response.json["version"] == 2
        assert len(db.session.scalars(sa.select(Entry).where(Entry.action == "interview.note_written")).all()) == 1


@pytest.mark.engine
def test_what_another_device_wrote_is_never_overwritten_unseen(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, interview = _confirmed()
        phone, desk = (Desk(visitors(case.worker), interview) for _device in range(2))
        form = phone.visitor.open(phone.path)
        desk.send("Op kantoor getypt", 0, "a" * 32)
        refused = phone.send("Op de parking getypt", 0, "b" * 32)
        assert (refused.status, refused.response.json) == (409, {"version": 1, "words": "Op kantoor getypt"})
        page = form.send("Bewaar de notities", words="Op de parking getypt")
        assert page.status == 409
        page.says("op een ander toestel gewijzigd", "Op kantoor getypt", "Op de parking getypt")
        page.send("Bewaar de notities", words="Allebei").says("Je notities zijn bewaard")
        assert db.session.scalars(sa.select(InterviewNote.words)).one() == "Allebei"


def test_a_national_number_is_refused_and_the_words_stay(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, interview = _confirmed()
        refused = Desk(visitors(case.worker), interview).send("Nummer 85.07.30-033.28", 0, "a" * 32)
        assert refused.status == 422
        assert "rijksregisternummer" in refused.response.json["sentences"][0]
        page = visitors(case.worker).open(f"/interviews/{interview.key}/note")
        page = page.send("Bewaar de notities", words="Nummer 85.07.30-033.28")
        assert page.status == 422
        page.says("rijksregisternummer", "85.07.30-033.28")


def test_after_the_sign_in_ended_nothing_is_kept_until_the_same_person_is_back(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, interview = _confirmed()
        desk = Desk(visitors(case.worker), interview)
        at.shift(timedelta(minutes=20))
        assert desk.send("Onderweg", 0, "a" * 32).status == 303
        assert desk.state().response.json == {"signed_in": False}
        with desk.visitor.client.session_transaction() as session:
            assert session["next"] == desk.path
        desk.visitor.become(a_worker("Karim"))
        assert desk.state().status == 404
        desk.visitor.become(case.worker)
        desk.token = desk.state().response.json["csrf_token"]
        assert desk.send("Onderweg", 0, "a" * 32).status == 200


def test_nobody_writes_before_the_confirmation_nor_for_somebody_else(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        db.session.commit()
        desk_of = visitors(case.worker)
        desk_of.open(f"/interviews/{interview.key}/note").says("zodra het gesprek bevestigd is")
        interview, other = a_confirmed(an_interest(permission=False)), visitors(a_coordinator())
        assert other.client.get(f"/interviews/{interview.key}/note").status_code == 404

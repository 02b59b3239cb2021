"""Short ways to a person in a programme. Services do the work, so that a row is never one that the portal would not make."""

from datetime import date, time, timedelta
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import sit_day_rules, sit_days
from portal.agenda.models import SitDay, SitDayRule
from portal.candidates import queries, screenings, service
from portal.candidates.models import Candidate, Referral, Screening
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.programmes.models import Programme, ProgrammeSite, Site, SiteKind
from tests.factories import a_person, a_programme

_numbers = count(1)


def a_place(
    programme: Programme | None = None, *, name: str = "Gevangenis van Oudenaarde", kind: SiteKind = SiteKind.PRISON
) -> ProgrammeSite:
    programme = programme or a_programme()
    site = db.session.query(Site).filter_by(code=name).first()
    if site is None:
        site = Site(
            kind=kind, code=name, nl=name, fr=name, en=name, postcode="9700", municipality="Oudenaarde",
            permission_lead_days=15 if kind == SiteKind.PRISON else 0,
        )  # fmt: skip
        db.session.add(site)
        db.session.flush()
    place = db.session.query(ProgrammeSite).filter_by(programme_id=programme.id, site_id=site.id).first()
    if place is None:
        place = ProgrammeSite(programme_id=programme.id, site_id=site.id)
        db.session.add(place)
    db.session.commit()
    return _with_site(place.id)


def _with_site(number: int) -> ProgrammeSite:
    wanted = (joinedload(ProgrammeSite.site), joinedload(ProgrammeSite.programme))
    return db.session.scalars(
        sa.select(ProgrammeSite)
        .options(*wanted)
        .where(ProgrammeSite.id == number)
        .execution_options(populate_existing=True)
    ).one()


def a_worker(name: str = "Lien", programme: Programme | None = None) -> Person:
    return a_person(first_name=name, last_name="Claes", role=Role.PROJECT_WORKER, programme=programme, language="en")


def a_coordinator(programme: Programme | None = None) -> Person:
    return a_person(first_name="Griet", last_name="Maes", role=Role.COORDINATOR, programme=programme, language="en")


def a_partner(role: Role = Role.VDAB, programme: Programme | None = None, name: str = "Tom") -> Person:
    return a_person(first_name=name, last_name="Wouters", role=role, programme=programme, language="en")


def a_referral(
    partner: Person | None = None, *, first_name: str = "Karim", last_name: str | None = None, birth_date: date | None = None,
    programme: Programme | None = None, place: ProgrammeSite | None = None,
) -> Referral:  # fmt: skip
    partner = partner or a_partner(programme=programme)
    place = _with_site(place.id) if place is not None else a_place(programme)
    answer = service.ReferralAnswer(
        first_name, last_name or f"Haddad{chr(96 + next(_numbers) % 26 + 1)}", birth_date, "nl", "", "Ik wil in een magazijn werken.",
        "Via mij, op weekdagen", True,
    )  # fmt: skip
    referral = service.refer(answer, referrer_id=partner.id, place=place)
    db.session.commit()
    return referral


def loaded_referral(number: int) -> Referral:
    wanted = (joinedload(Referral.candidate), joinedload(Referral.site), joinedload(Referral.referrer))
    statement = sa.select(Referral).options(*wanted).where(Referral.id == number)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def loaded_candidate(number: int) -> Candidate:
    statement = sa.select(Candidate).options(joinedload(Candidate.site)).where(Candidate.id == number)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def a_candidate(worker: Person | None = None, *, referral: Referral | None = None, **referred: object) -> Candidate:
    """Somebody whom a worker took on."""
    worker = worker or a_worker()
    referral = referral or a_referral(**referred)  # type: ignore[arg-type]
    loaded = loaded_referral(referral.id)
    candidate = loaded.candidate
    with acting.as_(worker.id, "project_worker"):
        service.accept(loaded, worker)
    db.session.commit()
    return candidate


def a_sit_day(worker: Person, place: ProgrammeSite | None = None, *, in_days: int = 3, slots: int = 4) -> SitDay:
    place = place or a_place()
    day = sit_days.add(
        programme_id=place.programme_id, site_id=place.site_id, worker_id=worker.id,
        day=clock.today() + timedelta(days=in_days), starts=time(9), slots=slots,
    )  # fmt: skip
    db.session.commit()
    return day


def a_wish(*workers: Person, **more: object) -> sit_day_rules.Wish:
    """What a rule says: every week from its first day on, at nine, four talks of an hour."""
    usual: dict[str, object] = {
        "first_on": clock.today(), "last_on": None, "every_weeks": 1, "starts": time(9), "slots": 4, "slot_minutes": 60,
        "pause_after": 0, "pause_minutes": 0, "on_holidays": False, "worker_ids": tuple(one.id for one in workers),
    }  # fmt: skip
    wish = usual | more
    return sit_day_rules.Wish(**{"weekday": wish["first_on"].weekday(), **wish})  # type: ignore[arg-type,attr-defined]


def a_rule(*workers: Person, place: ProgrammeSite | None = None, **more: object) -> SitDayRule:
    """A sit-day that comes back, laid out."""
    place = place or a_place()
    rule = sit_day_rules.make(place.programme_id, place.site_id, a_wish(*workers, **more))
    db.session.commit()
    return rule


DRAFT = {
    "talents": {"talents": "Werkt graag met machines.", "occupation": "order_picking", "wishes": "Geen nachtwerk."},
    "competences": {"work_safely": {"level": "3", "evidence": "Zes maanden in het atelier."}, "work_together": {"level": "2"}},
    "work": {
        "region": "flemish_ardennes", "experience_band": "1_to_3_years", "availability_band": "within_3_months",
        "hours_band": "day", "hours_week": 38, "mobility": ["bike"], "forms": ["fixed_term"], "language_nl": "work_talk",
    },
    "preconditions": {"identity_papers": {"light": "green", "valid_until": "2028-01-01"}, "transport": {"light": "red", "owner": "worker"}},
    "constraints": {"regime": "closed", "place_limits": ["no_rounds"]},
}  # fmt: skip


def a_booked_screening(worker: Person, candidate: Candidate) -> Screening:
    place = (
        db.session.query(ProgrammeSite).filter_by(programme_id=candidate.programme_id, site_id=candidate.site_id).one()
    )
    if not sit_days.free(candidate.programme_id, place.site_id):
        a_sit_day(worker, place)
    slot = sit_days.free(candidate.programme_id, place.site_id)[0]
    with acting.as_(worker.id, "project_worker"):
        screening = screenings.plan(candidate, queries.latest_referral(candidate.id), slot)
    db.session.commit()
    return screening


def a_screened_candidate(worker: Person | None = None, **referred: object) -> Candidate:
    """Somebody whose screening is done."""
    worker = worker or a_worker()
    candidate = a_candidate(worker, **referred)  # type: ignore[arg-type]
    screening = a_booked_screening(worker, candidate)
    screening.draft = DRAFT
    loaded = loaded_candidate(candidate.id)
    with acting.as_(worker.id, "project_worker"):
        referral = queries.latest_referral(candidate.id)
        screenings.finish(screening, loaded, referral)
        # The partner has read the letter about it long ago.
        db.session.flush()
        db.session.execute(sa.delete(Letter).where(Letter.template == "candidates/outcome"))
    db.session.commit()
    return candidate

"""The first long talk: booked on a sit-day, filled in step by step, and written into the case when it is done."""

import json
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.agenda import holds, sit_days
from portal.agenda.models import Hold, HoldKind
from portal.agenda.sit_days import FreeSlot
from portal.candidates import leave, preconditions, service
from portal.candidates.models import Candidate, JobWish, Referral, Screening, Skill, WorkConstraints
from portal.candidates.states import ReferralState
from portal.competences.models import Competence, Occupation
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import options
from portal.foundation.signals import screening_done
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes import regimes
from portal.tasks import service as tasks

PLAN_IN = timedelta(days=7)
MOST_ADDED = 60
STEPS = ("talents", "competences", "work", "preconditions", "constraints")


class NotComplete(DomainError):
    sentence = lazy("Something is still missing. Look at the list below: each line leads to the step.")


class RegimeNeeded(DomainError):
    sentence = lazy("Choose the regime. Without it nobody knows whether a permission is needed.")
    field = "regime"


def plan(candidate: Candidate, referral: Referral, slot: FreeSlot) -> Screening:
    """Book the talk on a sit-day. Raises AlreadyTaken when somebody was first, WrongState when it makes no sense."""
    referral.move_to(ReferralState.SCREENING_PLANNED)
    screening = Screening(
        candidate_id=candidate.id, referral_id=referral.id, sit_day_id=slot.sit_day.id, worker_id=slot.sit_day.worker_id,
        starts_at=slot.starts_at,
    )  # fmt: skip
    db.session.add(screening)
    db.session.flush()
    _hold(screening, slot)
    tasks.close("candidates.plan_screening", candidate, "planned")
    _wait_for_talk(screening)
    return screening


def move(screening: Screening, slot: FreeSlot) -> None:
    """Another hour, another sit-day: the old time is given back first."""
    screening.hold_id = None
    db.session.flush()
    holds.release(screening)
    tasks.close(None, screening, "moved")
    screening.sit_day_id, screening.worker_id = slot.sit_day.id, slot.sit_day.worker_id
    screening.starts_at = slot.starts_at
    _hold(screening, slot)
    journal.note("screening.moved", screening)
    _wait_for_talk(screening)


def _hold(screening: Screening, slot: FreeSlot) -> None:
    """The worker's time, with the way there, and the candidate's. Two bookings with one worker wait for each other.

    The lock leaves the key alone: rows that only point at the worker (this screening's own) never wait for it.
    """
    mine = sa.select(Person.id).where(Person.id == screening.worker_id)
    db.session.execute(mine.with_for_update(key_share=True))
    still = sit_days.still(slot, screening.candidate_id) if sit_days.stands(slot.sit_day) else None
    if still is None:
        raise holds.AlreadyTaken(field="slot")
    worker, candidate = holds.person(screening.worker_id), holds.candidate(screening.candidate_id)
    postcode = slot.sit_day.site.postcode
    parties = [holds.Party(worker, still.blocked, postcode), holds.Party(candidate, slot.span, postcode)]
    screening.hold_id = _taken(screening, slot, parties)[worker].id


def _taken(screening: Screening, slot: FreeSlot, parties: list[holds.Party]) -> dict[str, Hold]:
    try:
        return holds.take(screening, HoldKind.SCREENING, slot.span, parties)
    except holds.AlreadyTaken as error:
        error.field = "slot"
        raise


def _wait_for_talk(screening: Screening) -> None:
    tasks.open_task(
        "candidates.screening", screening, due=clock.local(screening.starts_at).date(), about=screening.candidate_id,
        at=("candidates.screening", {"key": screening.key}), owner_id=screening.worker_id,
        name=service.short_name(screening.candidate_id),
    )  # fmt: skip


def missed(screening: Screening, candidate: Candidate, referral: Referral) -> None:
    """The talk did not take place. It says nothing about anybody: it is booked again."""
    referral.move_to(ReferralState.NO_SHOW)
    screening.missed = True
    screening.hold_id = None
    db.session.flush()
    holds.release(screening)
    tasks.close(None, screening, "missed")
    service.wait_for_planning(candidate)


def keep(screening: Screening, step: str, values: dict[str, Any]) -> None:
    """Keep what one step holds, sealed, until the talk is done."""
    screening.draft = {**(screening.draft or {}), step: values}


def version(draft: dict[str, Any], step: str) -> str:
    """A mark of what a step holds: a form that was opened on an older one must not replace it unseen."""
    held = json.dumps(draft.get(step), sort_keys=True)
    return sha256(held.encode()).hexdigest()[:12]


def ask_also(screening: Screening, codes: Collection[str]) -> None:
    """More competences stand in the form from now on, beside those that the work asks."""
    draft = screening.draft or {}
    screening.draft = {**draft, "also": list(dict.fromkeys([*draft.get("also", []), *codes]))[:MOST_ADDED]}


def choose_job(screening: Screening, code: str) -> None:
    """The work that is looked for, when it stood in no short list."""
    keep(screening, "talents", {**(screening.draft or {}).get("talents", {}), "occupation": code})


def without_evidence(draft: dict[str, Any]) -> list[str]:
    """The competences that somebody has, by code, of which nobody said how we know."""
    held = draft.get("competences", {})
    return [code for code, one in held.items() if one.get("level", "0") != "0" and not one.get("evidence")]


def gaps(draft: dict[str, Any]) -> list[str]:
    """What a finished screening cannot do without, as "step.field"."""
    needed = {
        "talents": ("occupation",),
        "work": ("region", "experience_band", "availability_band", "hours_band", "hours_week"),
        "constraints": ("regime",),
    }
    missing = [
        f"{step}.{name}" for step, names in needed.items() for name in names if not draft.get(step, {}).get(name)
    ]
    if not any(one.get("level") for one in draft.get("competences", {}).values()):
        missing.append("competences.level")
    return missing


def finish(screening: Screening, candidate: Candidate, referral: Referral) -> None:
    """Write the talk into the case: what somebody can do, seeks, needs, and what work must reckon with."""
    draft = screening.draft or {}
    if gaps(draft):
        raise NotComplete()
    referral.move_to(ReferralState.SCREENED)
    for model in (Skill, JobWish, WorkConstraints):
        db.session.execute(sa.delete(model).where(model.candidate_id == candidate.id))
    _write_skills(candidate, draft["competences"])
    _write_wish(candidate, draft["talents"]["occupation"], draft["work"])
    preconditions.renew(candidate, draft.get("preconditions", {}))
    _write_constraints(candidate, draft["constraints"])
    screening.talents, screening.wishes = draft["talents"].get("talents"), draft["talents"].get("wishes")
    screening.done_on, screening.draft = clock.today(), None
    journal.note("screening.done", screening)
    screening_done.send(screening)
    tasks.close(None, screening)
    tasks.open_task(
        "candidates.agree_plan", candidate, due=clock.today() + PLAN_IN, about=candidate.id,
        at=("candidates.plan", {"key": candidate.key}), owner_id=candidate.worker_id, name=service.short_name(candidate.id),
    )  # fmt: skip


def _write_skills(candidate: Candidate, answers: dict[str, dict[str, str]]) -> None:
    codes = [code for code, one in answers.items() if one.get("level")]
    known = db.session.execute(sa.select(Competence.code, Competence.id).where(Competence.code.in_(codes)))
    for code, number in known:
        one = answers[code]
        db.session.add(
            Skill(
                candidate_id=candidate.id,
                competence_id=number,
                level=int(one["level"]),
                evidence=one.get("evidence") or None,
            )
        )


def _write_wish(candidate: Candidate, occupation: str, work: dict[str, Any]) -> None:
    number = db.session.scalar(sa.select(Occupation.id).where(Occupation.code == occupation))
    languages = {code: level for code in options("candidates", "languages") if (level := work.get(f"language_{code}"))}
    coded = ("region", "experience_band", "availability_band", "hours_band")
    lists = ("forms", "mobility", "certificates", "support")
    db.session.add(
        JobWish(
            candidate_id=candidate.id, occupation_id=number, province=province_of(work["region"]), languages=languages,
            hours_week=int(work["hours_week"]), licence=work.get("licence") or "none",
            **{name: work[name] for name in coded}, **{name: list(work.get(name) or []) for name in lists},
        )
    )  # fmt: skip


def province_of(region: str) -> str:
    """The province that a travel region lies in; a province is its own; empty for anything coarser."""
    places = options("candidates", "regions")
    while region in places and places[region].data["kind"] == "area":
        region = places[region].data["parent"]
    return region if region in places and places[region].data["kind"] == "province" else ""


def _write_constraints(candidate: Candidate, answers: dict[str, Any]) -> None:
    found = WorkConstraints(candidate_id=candidate.id, answers=dict(answers))
    leave.reckon(found, candidate.site, regimes.book(candidate.programme_id))
    db.session.add(found)


def note_constraints(candidate: Candidate, answers: dict[str, Any]) -> None:
    """The first time, for somebody whose screening was elsewhere. Raises RegimeNeeded."""
    if not answers.get("regime"):
        raise RegimeNeeded()
    _write_constraints(candidate, answers)
    journal.note("constraints.changed", candidate)


def renew_constraints(constraints: WorkConstraints, candidate: Candidate, answers: dict[str, Any]) -> None:
    """Another regime, another lead time: interviews planned from now on reckon with it."""
    regime = answers.get("regime") or constraints.answers.get("regime")
    if not regime:
        raise RegimeNeeded()
    if regime != constraints.answers.get("regime"):
        constraints.lead_told = None
    constraints.answers = {**answers, "regime": regime}
    leave.reckon(constraints, candidate.site, regimes.book(candidate.programme_id))
    journal.note("constraints.changed", constraints)

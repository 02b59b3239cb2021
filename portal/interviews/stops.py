"""Interviews in the worker's day: whom one meets where, what to bring, and the press that comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.agenda.day import Asked, Door, Somebody, Stop
from portal.candidates import handles
from portal.employers.models import Employer, Vacancy
from portal.foundation.database import db
from portal.foundation.words import _, time_short
from portal.interviews import delays, letters, presences, queries, steps
from portal.interviews.day_forms import minutes
from portal.interviews.day_models import RunningLate
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState, Mode, PermissionState
from portal.journal import service as journal
from portal.programmes.models import Site

_COMPANY = (
    joinedload(Interview.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation),
    joinedload(Interview.companion), joinedload(Interview.workplace),
)  # fmt: skip
_MINE = (
    joinedload(Interview.contact), joinedload(Interview.worker), joinedload(Interview.permission),
    joinedload(Interview.companion_hold), joinedload(Interview.decision), joinedload(Interview.interest),
    joinedload(Interview.participants), joinedload(Interview.note), joinedload(Interview.lates),
)  # fmt: skip


@dataclass(frozen=True)
class Press:
    """What the room's own part of a stop shows and asks."""

    interview: Interview
    came: dict[str, str]
    lates: list[RunningLate]
    late_left: int
    minutes: list[tuple[str, str]]
    asks_presence: bool
    writes: bool


def of_day(asked: Asked) -> Iterator[Stop]:
    """Where the viewer goes along that day; for a coordinator who asks for the team, where everybody does."""
    met = Site.id == handles.site_of(Interview.candidate_id)
    statement = (
        sa.select(Interview, Site)
        .join(Employer, Employer.id == Interview.employer_id)
        .outerjoin(Site, met)
        .options(*_COMPANY, *(() if asked.team else _MINE))
        .where(Interview.starts_at >= asked.since, Interview.starts_at < asked.until)
        .where(Interview.state != InterviewState.CANCELLED, Interview.companion_id.is_not(None), _whose(asked))
        .order_by(Interview.starts_at, Interview.id)
    )
    rows = [(one, site) for one, site in db.session.execute(statement).unique() if one.companion_hold_id is not None]
    if asked.team:
        yield from (_of_team(interview) for interview, _site in rows)
        return
    noted = [interview.candidate_id for interview, _site in rows if interview.note is not None]
    journal.saw_each("interview.note_read", "candidate", noted)
    yield from (_of_mine(interview, site) for interview, site in rows)


def _whose(asked: Asked) -> sa.ColumnElement[bool]:
    if asked.team:
        return Employer.programme_id.in_(asked.viewer.programmes(Role.COORDINATOR))
    return sa.and_(Interview.companion_id == asked.viewer.me, queries.for_staff(asked.viewer))


def _common(interview: Interview) -> dict[str, Any]:
    companion = interview.companion
    return {
        "key": f"interview-{interview.key}",
        "kind": _("Interview"),
        "title": letters.company_of(interview),
        "url": url_for("interviews.show", key=interview.key),
        "worker_id": interview.companion_id or 0,
        "worker": companion.name if companion is not None else "",
        "starts_at": interview.starts_at,
        "ends_at": interview.ends_at,
    }


def _of_team(interview: Interview) -> Stop:
    label, kind = steps.STAFF_STATES[interview.state]
    return Stop(**_common(interview), place=letters.where(interview), tag=(str(label), kind))


def _of_mine(interview: Interview, site: Site | None) -> Stop:
    inside, contact = interview.mode is Mode.INSIDE and site is not None, interview.contact
    place = interview.workplace
    hold, asks = interview.companion_hold, _asks(interview)
    return Stop(
        **_common(interview),
        place=site.label if inside and site else ("" if interview.mode is Mode.VIDEO else letters.company_of(interview)),
        address=site.address if inside and site else letters.where(interview),
        postcode=site.postcode if inside and site else ("" if interview.mode is Mode.VIDEO else place.postcode),
        about=(interview.candidate_id,),
        people=(Somebody(_("Contact"), contact.name, contact.phone),),
        bring=_bring(interview), facts=_facts(interview, site, inside),
        tag=steps.standing(interview, employer=False), next=None if asks else _next(interview),
        over=interview.state is InterviewState.HELD, no_phone=inside,
        road_from=hold.blocked_from if hold is not None else None,
        part="interviews/day_stop.html", more=_press(interview, asks),
        paper=(_("The candidate"), _("The employer"), _("The companion")), paper_facts=_paper_facts(interview),
    )  # fmt: skip


def _asks(interview: Interview) -> bool:
    return interview.begun and interview.state is InterviewState.CONFIRMED


def _press(interview: Interview, asks: bool) -> Press:
    tells = delays.tells(interview)
    return Press(
        interview, presences.came(interview), delays.today(interview.lates), delays.left(interview.lates) if tells else 0, minutes(), asks,
        interview.shows_identity,
    )  # fmt: skip


def _next(interview: Interview) -> Door | None:
    found = steps.next_for_staff(interview, may_plan=False)
    return Door(found.label, found.url, posts=found.posts) if found is not None else None


def _bring(interview: Interview) -> tuple[Door, ...]:
    papers = []
    if interview.shows_identity and interview.open:
        papers.append(Door(_("The candidate's sheet"), url_for("interviews.sheet", key=interview.key), "print"))
    if interview.permission.state is not PermissionState.NOT_NEEDED and interview.open:
        papers.append(Door(_("Letter for the file"), url_for("interviews.file_letter", key=interview.key), "print"))
    return tuple(papers)


def _facts(interview: Interview, site: Site | None, inside: bool) -> tuple[tuple[str, str], ...]:
    facts = [(_("Vacancy"), interview.vacancy.title)]
    if site is not None and not inside:
        facts.append((_("The candidate is at"), f"{site.label}, {site.address}"))
    facts += _transport(interview)
    permission = interview.permission
    if permission.state is not PermissionState.NOT_NEEDED:
        said = [str(steps.PERMISSIONS[permission.state][0]), *_hours(interview)]
        facts.append((_("Permission"), ", ".join(said)))
    return tuple(facts)


def _paper_facts(interview: Interview) -> tuple[tuple[str, str], ...]:
    """The sheet may lie on the company's table: hours, but no word about leave nor about where somebody stays."""
    hours = [(_("Hours"), one) for one in _hours(interview)]
    return ((_("Vacancy"), interview.vacancy.title), *_transport(interview), *hours)


def _transport(interview: Interview) -> list[tuple[str, str]]:
    there = interview.workplace.public_transport if interview.mode is Mode.AT_COMPANY else ""
    return [(_("How to get there"), there)] if there else []


def _hours(interview: Interview) -> list[str]:
    """The granted hours, where there are."""
    granted = interview.permission
    if granted.covers_from is None or granted.covers_until is None:
        return []
    return [f"{time_short(granted.covers_from)} – {time_short(granted.covers_until)}"]

"""Aftercare visits in the worker's day. A visit has a day and no hour: it stands below what has one."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.accounts.roles import Role
from portal.aftercare import queries, questions
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.agenda.day import Asked, Door, Somebody, Stop
from portal.foundation.database import db
from portal.foundation.words import _
from portal.placements.models import Placement
from portal.placements.queries import NOT_RUNNING, seen_by, written_by

_VOICES = {Voice.EMPLOYEE: 0, Voice.EMPLOYER: 1, Voice.JUSTICE_ASSISTANT: 2}


def of_day(asked: Asked) -> Iterator[Stop]:
    """The visits of the viewer's own caseload on that day; for a coordinator who asks for the team, everybody's."""
    whose = seen_by(asked.viewer) if asked.team else written_by(asked.viewer)
    statement = (
        sa.select(CheckIn)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .options(*queries.MOMENT_WITH_PLACEMENT)
        .where(CheckIn.due == asked.day, CheckIn.channel.startswith("visit"), CheckIn.state != CheckInState.SKIPPED)
        .where(Placement.state.not_in(NOT_RUNNING), whose)
        .order_by(CheckIn.placement_id, CheckIn.id)
    )
    if asked.team and not asked.viewer.programmes(Role.COORDINATOR):
        return
    for _placement, visits in groupby(db.session.scalars(statement), key=lambda one: one.placement_id):
        yield _stop(sorted(visits, key=lambda one: _VOICES[one.voice]), team=asked.team)


def _stop(visits: Sequence[CheckIn], *, team: bool) -> Stop:
    first = visits[0]
    placement = first.placement
    shown: dict[str, Any] = {} if team else _mine(visits)
    return Stop(
        key=f"visit-{first.key}", kind=_("Visit"), title=placement.employer.organisation.name,
        url=url_for("aftercare.show", key=placement.key), worker_id=placement.worker_id, worker=placement.worker.name,
        place=placement.employer.organisation.name,
        address=f"{placement.workplace.street}, {placement.workplace.postcode} {placement.workplace.municipality}",
        postcode=placement.workplace.postcode, over=all(not one.open for one in visits), **shown,
    )  # fmt: skip


def _mine(visits: Sequence[CheckIn]) -> dict[str, Any]:
    placement, contact = visits[0].placement, visits[0].placement.contact
    following = next((one for one in visits if one.open), None)
    return {
        "about": (placement.candidate_id,),
        "people": (Somebody(_("Contact"), contact.name, contact.phone),),
        "facts": (
            (_("Moment"), questions.plan_label("moments", visits[0].moment)), (_("Job"), placement.vacancy.title),
            (_("How to get there"), placement.workplace.public_transport or _("not noted")),
        ),
        "bring": tuple(
            Door(_("The form on paper"), url_for("aftercare.sheet", key=one.key), "print")
            for one in visits
            if one.open and one.has_form and one.voice == Voice.EMPLOYEE
        ),
        "next": Door(_("Note the visit"), url_for("aftercare.moment", key=following.key)) if following is not None else None,
        "tag": (_("noted"), "good") if following is None else None,
        "paper": tuple(_PAPER[one.voice]() for one in visits if one.open),
    }  # fmt: skip


_PAPER = {
    Voice.EMPLOYEE: lambda: _("Spoken with the employee"),
    Voice.EMPLOYER: lambda: _("Spoken with the employer"),
    Voice.JUSTICE_ASSISTANT: lambda: _("Spoken with the justice assistant"),
}

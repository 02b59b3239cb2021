"""Sit-days in the worker's day: one stop for each place, with who comes when, and the form of the next talk."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from portal.accounts.roles import STAFF, Role
from portal.agenda import day
from portal.agenda.day import Asked, Door, Stop, Talk
from portal.agenda.models import SitDay
from portal.agenda.sit_days import spans
from portal.candidates import identities, queries
from portal.candidates.models import Candidate, Screening
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import _, _n
from portal.programmes.models import SiteKind

Row = tuple[SitDay, list[Screening]]


def of_day(asked: Asked) -> Iterator[Stop]:
    """The viewer's own sit-days; for a coordinator who asks for the team, those of everybody, with no talk of anybody."""
    entities: list[Any] = [SitDay] if asked.team else [SitDay, Screening]
    statement = (
        sa.select(*entities)
        .options(joinedload(SitDay.site), joinedload(SitDay.worker))
        .where(SitDay.day == asked.day, SitDay.off.is_(False), _whose(asked))
        .order_by(SitDay.starts, SitDay.id)
    )
    if asked.team:
        yield from (_stop(sit_day, [], team=True) for sit_day in db.session.scalars(statement))
        return
    found: dict[int, Row] = {}
    for sit_day, talk in db.session.execute(statement.outerjoin(Screening, _expected(asked))):
        _day, talks = found.setdefault(sit_day.id, (sit_day, []))
        if talk is not None:
            talks.append(talk)
    yield from (_stop(sit_day, talks) for sit_day, talks in found.values())


def _whose(asked: Asked) -> sa.ColumnElement[bool]:
    if asked.team:
        return SitDay.programme_id.in_(asked.viewer.programmes(Role.COORDINATOR))
    return sa.and_(SitDay.worker_id == asked.viewer.me, SitDay.programme_id.in_(asked.viewer.programmes(*STAFF)))


def _expected(asked: Asked) -> sa.ColumnElement[bool]:
    """Who comes, or came, of the cases that the viewer still reads (queries.visible)."""
    readable = sa.select(Candidate.id).where(queries.worked(asked.viewer))
    stands = sa.or_(Screening.hold_id.is_not(None), Screening.done_on.is_not(None))
    return sa.and_(
        Screening.sit_day_id == SitDay.id, Screening.missed.is_(False), stands, Screening.candidate_id.in_(readable)
    )


def _stop(sit_day: SitDay, talks: list[Screening], *, team: bool = False) -> Stop:
    hours, site = spans(sit_day), sit_day.site
    talks = sorted(talks, key=lambda one: one.starts_at)
    over = hours[-1].end <= clock.now() if not talks else all(one.done_on is not None for one in talks)
    shown: dict[str, Any] = {} if team else _mine(sit_day, talks, over)
    return Stop(
        key=f"sit-day-{sit_day.key}", kind=_("Sit-day"), title=site.label, url=url_for("candidates.sit_day", key=sit_day.key),
        worker_id=sit_day.worker_id, worker=sit_day.worker.name, starts_at=hours[0].start, ends_at=hours[-1].end,
        place=site.label, address=site.address, postcode=site.postcode, over=over,
        no_phone=site.kind == SiteKind.PRISON, **shown,
    )  # fmt: skip


def _mine(sit_day: SitDay, talks: list[Screening], over: bool) -> dict[str, Any]:
    following = next((one for one in talks if one.done_on is None), None)
    inside = sit_day.site.kind == SiteKind.PRISON
    bring = (Door(_("The forms on paper"), url_for("candidates.sheet", key=sit_day.key), "print"),) if talks else ()
    number = _n("One talk", "%(num)s talks", len(talks)) if talks else _("Nobody is booked.")
    return {
        "talks": tuple(
            Talk(
                one.starts_at, one.candidate_id, _("Screening"), url_for("candidates.screening", key=one.key),
                one.done_on is not None,
            )
            for one in talks
        ),
        "facts": ((_("How many"), number),),
        "bring": bring,
        "next": _next(sit_day, following, inside) if not over else None,
        "tag": (_("typed in"), "good") if talks and over else None,
        "paper": (_("The talk took place"),) if talks else (),
    }  # fmt: skip


def _next(sit_day: SitDay, following: Screening | None, inside: bool) -> Door | None:
    """Before it, the forms on paper where no phone enters; from then on typing in, or the form of the next talk."""
    if following is None:
        return None
    if inside and following.starts_at > clock.now():
        return Door(_("Print the forms"), url_for("candidates.sheet", key=sit_day.key), "print")
    if inside:
        return Door(_("Type in the forms"), url_for("candidates.typing", key=sit_day.key))
    return Door(_("Open the next form"), url_for("candidates.screening", key=following.key))


day.brings(SitDay.__tablename__, of_day)
day.names_by(identities.names)

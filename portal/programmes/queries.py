"""Reading programmes: their sites and the newest version of each editable template."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.foundation.database import db
from portal.foundation.options import load
from portal.programmes.models import Programme, ProgrammeSite, Site, SiteKind, Template, TemplateKind

# Where the default of each template stands: data of the room that runs it.
DEFAULTS = {
    TemplateKind.AFTERCARE_PLAN: ("aftercare", "plan"),
    TemplateKind.FLOW: ("trajectories", "flow"),
    TemplateKind.ALERT_RULES: ("aftercare", "alert_rules"),
    TemplateKind.EMPLOYMENT: ("candidates", "lists"),
    TemplateKind.VACANCIES: ("employers", "vacancy_templates"),
}
# Of a file with several lists, the one that a coordinator edits.
_PART = {TemplateKind.EMPLOYMENT: "employment_forms"}


def shipped(kind: TemplateKind) -> dict[str, Any]:
    """A template as it comes with the portal."""
    body = load(*DEFAULTS[kind])
    return {"version": 1, _PART[kind]: body[_PART[kind]]} if kind in _PART else body


def template(programme_id: int, kind: TemplateKind) -> dict[str, Any]:
    """The newest version of a programme's template, or the default that ships with the portal."""
    body = db.session.scalar(
        sa.select(Template.body)
        .where(Template.programme_id == programme_id, Template.kind == kind)
        .order_by(Template.version.desc())
        .limit(1)
    )
    return body if body is not None else shipped(kind)


def template_version(programme_id: int, kind: TemplateKind, version: int) -> dict[str, Any]:
    """One version of a programme's template; a version that nobody wrote is the default that ships with the portal."""
    body = db.session.scalar(
        sa.select(Template.body).where(
            Template.programme_id == programme_id, Template.kind == kind, Template.version == version
        )
    )
    return body if body is not None else shipped(kind)


def template_versions(programme_ids: Collection[int], kind: TemplateKind) -> Sequence[Template]:
    """Every version of a template of these programmes, the newest first, in one query."""
    return db.session.scalars(
        sa.select(Template)
        .where(Template.programme_id.in_(list(programme_ids)), Template.kind == kind)
        .order_by(Template.version.desc())
    ).all()


def programmes_of(ids: Collection[int]) -> Sequence[Programme]:
    return db.session.scalars(sa.select(Programme).where(Programme.id.in_(list(ids))).order_by(Programme.name)).all()


def sites_of(programme_ids: Collection[int], kinds: Collection[SiteKind] = tuple(SiteKind)) -> Sequence[Site]:
    """The places where these programmes work, by name."""
    working = sa.select(ProgrammeSite.site_id).where(ProgrammeSite.programme_id.in_(list(programme_ids)))
    statement = sa.select(Site).where(Site.id.in_(working), Site.kind.in_(list(kinds))).order_by(Site.kind, Site.nl)
    return db.session.scalars(statement).all()


def other_sites(programme_id: int) -> Sequence[Site]:
    """Places of the public list where this programme does not work yet."""
    working = sa.select(ProgrammeSite.site_id).where(ProgrammeSite.programme_id == programme_id)
    listed = (Site.source != "", Site.gone_on.is_(None))
    statement = sa.select(Site).where(Site.id.not_in(working), *listed).order_by(Site.kind, Site.nl)
    return db.session.scalars(statement).all()


def place_of(programme_ids: Collection[int], key: str) -> ProgrammeSite | None:
    """A site with the first of these programmes that works there."""
    statement = (
        sa.select(ProgrammeSite)
        .join(Site, Site.id == ProgrammeSite.site_id)
        .options(joinedload(ProgrammeSite.site), joinedload(ProgrammeSite.programme))
        .where(Site.key == key, ProgrammeSite.programme_id.in_(list(programme_ids)))
        .order_by(ProgrammeSite.id)
    )
    return db.session.scalars(statement.limit(1)).first()


def meeting_places(programme_ids: Collection[int]) -> Sequence[ProgrammeSite]:
    """Where people of these programmes are met: prisons and centres, each with its programme."""
    statement = (
        sa.select(ProgrammeSite)
        .join(Site, Site.id == ProgrammeSite.site_id)
        .options(joinedload(ProgrammeSite.site), joinedload(ProgrammeSite.programme))
        .where(ProgrammeSite.programme_id.in_(list(programme_ids)))
        .where(Site.kind.in_([SiteKind.PRISON, SiteKind.CENTRE, SiteKind.OFFICE]))
        .order_by(Site.nl)
    )
    return db.session.scalars(statement).all()

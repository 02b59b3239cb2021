"""What a partner finds of own referrals: by name, by the partner's own reference, and the place that was used last."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import PARTNERS
from portal.candidates import finding
from portal.candidates.models import Candidate, Referral
from portal.competences.models import Competence
from portal.foundation import crypto
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.programmes.models import Programme, Site

_LENGTH = 16


def referred_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """What a partner referred to a programme with which the partner still works."""
    here = Referral.programme_id.in_(viewer.programmes(*PARTNERS))
    return sa.and_(Referral.referrer_id == viewer.person_id, here)


def mark_of(reference: str) -> str | None:
    """The keyed hash by which a partner's own reference is found, however it is written: "GE-12 / 7" is "ge127"."""
    plain = "".join(c for c in reference.casefold() if c.isalnum())
    return crypto.mark("referral reference", plain)[:_LENGTH] if plain else None


def referrals_of(viewer: Viewer, search: str = "") -> Page[Referral]:
    """What a partner referred, the latest first; with a search, by part of a name or by the whole reference."""
    statement = sa.select(Referral).options(joinedload(Referral.site)).where(referred_by(viewer))
    if search:
        mine = Candidate.id.in_(sa.select(Referral.candidate_id).where(referred_by(viewer)))
        named = Referral.candidate_id.in_(sa.select(Candidate.id).where(mine, finding.among_own(mine, search)))
        statement = statement.where(sa.or_(named, Referral.reference_mark == mark_of(search)))
    return page(statement, Referral.id, newest_first=True)


def own_referral(viewer: Viewer, key: str) -> Referral:
    """A referral for the partner who made it. Raises NotFound for anybody else's, the same as for one that is not there."""
    statement = sa.select(Referral).options(joinedload(Referral.site), joinedload(Referral.candidate))
    found = db.session.scalar(statement.where(Referral.key == key, referred_by(viewer)))
    if found is None:
        raise NotFound()
    return found


def usual_place(viewer: Viewer) -> str:
    """Where this partner's last referral was met, as the form names a place; empty before the first."""
    row = db.session.execute(
        sa.select(Programme.key, Site.key)
        .join(Referral, Referral.programme_id == Programme.id)
        .join(Site, Site.id == Referral.site_id)
        .where(referred_by(viewer))
        .order_by(Referral.id.desc())
        .limit(1)
    ).first()
    return f"{row[0]}.{row[1]}" if row is not None else ""


def names_of(skills: Mapping[int, int]) -> dict[int, str]:
    """What these competences are called."""
    rows = db.session.scalars(sa.select(Competence).where(Competence.id.in_(list(skills))))
    return {one.id: one.label for one in rows}

"""What a regime asks of one case: whether an interview outside needs leave, how many working days ahead, between which hours.

A case keeps what counts for it, so that reading a case asks no rule; when a rule, or a place's own days, change, the cases
that it counts for are reckoned anew. What a partner told about this one person goes before every rule.
"""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.candidates.models import Candidate, WorkConstraints
from portal.foundation.database import db
from portal.foundation.options import options
from portal.programmes import regimes
from portal.programmes.models import RegimeRule, Site, SiteKind
from portal.programmes.regimes import Book, Rule


def of(regime: str, site: Site | None, book: Book) -> Rule:
    """The rule for somebody at a place. A prison's own days count where the prison decides and no rule names that place."""
    rule = book.rule(regime, site.id if site is not None else None)
    if not rule.permission_needed:
        return replace(rule, lead_days=0)
    decides = options("candidates", "detention_regimes")[regime].data["schedule_approved_by"] == "prison"
    if site is None or rule.site is not None or site.kind != SiteKind.PRISON or not decides:
        return rule
    return replace(rule, lead_days=site.permission_lead_days)


def permission(regime: str, candidate: Candidate) -> tuple[bool, int]:
    """Whether an interview outside needs leave, and its working days, for this person."""
    rule = of(regime, candidate.site, regimes.book(candidate.programme_id))
    return rule.permission_needed, rule.lead_days


def reckon(constraints: WorkConstraints, site: Site | None, book: Book) -> None:
    """Bring a case up to the rule that counts for it now."""
    rule = of(constraints.answers["regime"], site, book)
    told = constraints.lead_told
    constraints.permission_needed = rule.permission_needed
    constraints.lead_days = told if told is not None and rule.permission_needed else rule.lead_days
    constraints.hours_from, constraints.hours_until = rule.hours_from, rule.hours_until


def reckon_anew(changed: RegimeRule | Site) -> int:
    """A rule, or a place's own days, changed: every case that it counts for; returns how many."""
    statement = (
        sa.select(WorkConstraints, Candidate)
        .join(Candidate, Candidate.id == WorkConstraints.candidate_id)
        .options(joinedload(Candidate.site))
        .order_by(WorkConstraints.id)
    )
    if isinstance(changed, Site):
        statement = statement.where(Candidate.site_id == changed.id)
    else:
        if changed.programme_id is not None:
            statement = statement.where(Candidate.programme_id == changed.programme_id)
        if changed.site_id is not None:
            statement = statement.where(Candidate.site_id == changed.site_id)
    books: dict[int, Book] = {}
    done = 0
    for constraints, candidate in db.session.execute(statement):
        regime = constraints.answers.get("regime")
        if not regime or (isinstance(changed, RegimeRule) and regime != changed.regime):
            continue
        known = books.setdefault(candidate.programme_id, regimes.book(candidate.programme_id))
        reckon(constraints, candidate.site, known)
        done += 1
    return done

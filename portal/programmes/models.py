from datetime import date, time
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.database import Addressed, Model, choice
from portal.foundation.words import Spoken
from portal.organisations.models import Organisation


class Programme(Addressed, Model):
    """A funded way back to work, with its yearly targets.

    `k` is the smallest class of cards that an employer may see; targets are editable data (product.md, Figures).
    """

    __tablename__ = "programme"
    __table_args__ = (
        sa.CheckConstraint("k >= 5", name="k_at_least_five"),
        sa.CheckConstraint("target_trajectories >= 0", name="target_trajectories"),
        sa.CheckConstraint("target_activation BETWEEN 0 AND 100", name="target_activation"),
        sa.CheckConstraint("period_end > period_start", name="period"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    k: Mapped[int] = mapped_column(default=5)
    target_trajectories: Mapped[int] = mapped_column(default=80)
    target_activation: Mapped[int] = mapped_column(default=30)
    period_start: Mapped[date]
    period_end: Mapped[date]
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    caseload: Mapped[int] = mapped_column(default=25)
    # Whether its companies' contacts need a second step at signing in too, as staff and partners always do.
    employers_second_step: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class SiteKind(StrEnum):
    PRISON = "prison"
    CENTRE = "centre"
    OFFICE = "office"
    HOUSE_OF_JUSTICE = "house_of_justice"


class Site(Spoken, Addressed, Model):
    """A place where people are met: a prison, a reception centre, an office. Never shown to an employer beforehand.

    `permission_lead_days`: working days that an exit permission takes there. `languages`: in which the house works
    (nl, fr). `gone_on`: since when the public list no longer names it; whoever was met there still was.
    """

    __tablename__ = "site"

    kind: Mapped[SiteKind] = mapped_column(choice(SiteKind))
    code: Mapped[str] = mapped_column(sa.String(80), unique=True)
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))
    street: Mapped[str] = mapped_column(sa.String(160), default="")
    postcode: Mapped[str] = mapped_column(sa.String(10))
    municipality: Mapped[str] = mapped_column(sa.String(80))
    permission_lead_days: Mapped[int] = mapped_column(default=15)
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    languages: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    gone_on: Mapped[date | None]

    @property
    def own(self) -> bool:
        """Added by a coordinator, who may change all of it; of a listed place only the days of a permission."""
        return self.kind == SiteKind.CENTRE and not self.source

    @property
    def address(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.municipality}") if part)


class ProgrammeSite(Model):
    """A programme works at a site."""

    __tablename__ = "programme_site"
    __table_args__ = (sa.UniqueConstraint("programme_id", "site_id"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)

    site: Mapped[Site] = relationship(lazy="raise")
    programme: Mapped[Programme] = relationship(lazy="raise")


class TemplateKind(StrEnum):
    AFTERCARE_PLAN = "aftercare_plan"
    FLOW = "flow"
    ALERT_RULES = "alert_rules"
    EMPLOYMENT = "employment"
    VACANCIES = "vacancies"


class Template(Model):
    """An editable plan of a programme. A change makes a new version; what runs keeps the version that it began with."""

    __tablename__ = "template"
    __table_args__ = (sa.UniqueConstraint("programme_id", "kind", "version"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    kind: Mapped[TemplateKind] = mapped_column(choice(TemplateKind))
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # A number only: accounts come after this room. Version 1 is the portal's own, by nobody.
    written_by: Mapped[int | None]
    because: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")


class RegimeRule(Model):
    """What a regime asks of an interview outside: whether leave, how many working days ahead, between which hours.

    Its source and the day of that source stand beside it, and when somebody last checked it. A change is a new version, so
    that what was reckoned with stays readable. Without a programme it counts for all; with a site, at that place only.
    """

    __tablename__ = "regime_rule"
    __table_args__ = (
        sa.CheckConstraint("lead_days BETWEEN 0 AND 90", name="lead_days"),
        sa.CheckConstraint("hours_from IS NULL OR hours_until > hours_from", name="hours"),
        # The newest version of a regime, for one programme or for all.
        sa.Index(None, "regime", "programme_id", "site_id", "version"),
    )

    regime: Mapped[str] = mapped_column(sa.String(40))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    version: Mapped[int]
    permission_needed: Mapped[bool]
    lead_days: Mapped[int]
    hours_from: Mapped[time | None]
    hours_until: Mapped[time | None]
    source: Mapped[str] = mapped_column(sa.String(300))
    source_date: Mapped[date]
    checked_on: Mapped[date]
    # A number only: accounts come after this room.
    changed_by: Mapped[int | None]
    # Taken back: from then on the wider rule counts again.
    withdrawn: Mapped[bool] = mapped_column(default=False)

    site: Mapped[Site | None] = relationship(lazy="raise")

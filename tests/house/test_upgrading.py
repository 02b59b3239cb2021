"""A portal that has worked for a year is migrated with everything in it."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.config import ROOT
from portal.foundation.database import db

FOLDER = str(ROOT / "migrations")
THEN = "2026-11-01 09:00:00+00:00"


def _put(table: str, **values: Any) -> int:
    """A row as the tables of before hold it; returns its number."""
    values = {"created_at": THEN, **values}
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    return int(
        db.session.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"), values).scalar_one()
    )


def _a_year() -> dict[str, int]:
    """One row in each table that grows a column, with what it points at."""
    house = _put("organisation", key="o1", kind="operator", name="Brugwerk")
    programme = _put(
        "programme", key="p1", organisation_id=house, name="Doorstart", k=5, target_trajectories=80, target_activation=30,
        period_start="2026-01-01", period_end="2026-12-31", phone="", caseload=25,
    )  # fmt: skip
    worker = _put(
        "person",
        key="w1",
        email="lien@example.org",
        first_name="Lien",
        last_name="Claes",
        language="nl",
        phone="",
        password_version=1,
    )
    site = _put(
        "site", key="s1", kind="prison", code="x", nl="Gent", fr="Gand", en="Ghent", street="", postcode="9000",
        municipality="Gent", permission_lead_days=15, source="",
    )  # fmt: skip
    candidate = _put("candidate", key="c1", programme_id=programme, worker_id=worker, site_id=site, language="nl")
    _put("name_mark", candidate_id=candidate, mark="0123456789abcdef")
    trajectory = {
        "candidate_id": candidate,
        "programme_id": programme,
        "accepted_on": "2026-02-01",
        "flow_version": 1,
        "closed_because": "",
    }
    _put("trajectory", key="t1", state="closed", **trajectory)
    referral = _put(
        "referral", key="r1", candidate_id=candidate, programme_id=programme, referrer_id=worker, site_id=site, state="screened",
        motive="x", outcome="", consent_given=True, received_on="2026-02-01",
    )  # fmt: skip
    sit_day = _put(
        "sit_day", key="d1", programme_id=programme, site_id=site, worker_id=worker, day="2026-12-01", starts="09:00:00", slots=4,
        slot_minutes=60,
    )  # fmt: skip
    consent = _put(
        "consent", candidate_id=candidate, purpose="processing", fields="[]", channel="paper", language="nl", text_version=1,
        text_hash="x", given_on="2026-02-01",
    )  # fmt: skip
    sector = _put("sector", code="metal", group="industry", nl="Metaal", fr="Métal", en="Metal")
    named = {"nl": "Lassen", "fr": "Souder", "en": "Welding", "sector_id": sector}
    competence, occupation = _put("competence", code="weld", **named), _put("occupation", code="welder", **named)
    asked = _put("occupation_competence", occupation_id=occupation, competence_id=competence)
    skill = _put("skill", candidate_id=candidate, competence_id=competence, level=3)
    screening = _put(
        "screening", key="g1", candidate_id=candidate, referral_id=referral, sit_day_id=sit_day, worker_id=worker, starts_at=THEN,
        missed=False,
    )  # fmt: skip
    batch = _put("batch", programme_id=programme, changes=5)
    return {
        "site": site, "referral": referral, "sit_day": sit_day, "consent": consent, "batch": batch, "skill": skill,
        "screening": screening, "occupation_competence": asked,
    }  # fmt: skip


@pytest.mark.engine
def test_rows_of_the_first_migration_come_through_the_second(portal: Flask) -> None:
    from flask_migrate import downgrade, upgrade

    with portal.app_context():
        db.drop_all()
        db.session.commit()
        upgrade(FOLDER, revision="0001")
        rows = _a_year()
        db.session.commit()
        upgrade(FOLDER)

        def value(table: str, column: str) -> Any:
            return db.session.execute(sa.text(f"SELECT {column} FROM {table} WHERE id = {rows[table]}")).scalar_one()

        assert str(value("referral", "ended_on")) >= date(2026, 11, 1).isoformat()
        assert value("sit_day", "pause_minutes") == 0 and not value("sit_day", "off") and value("consent", "scan") == ""
        assert value("site", "languages") in ("[]", []) and value("batch", "pool") in ("[]", [])
        assert (value("skill", "level"), value("screening", "sit_day_id")) == (3, rows["sit_day"])
        assert value("occupation_competence", "essential")
        db.session.commit()
        downgrade(FOLDER, revision="0001")
        assert (value("sit_day", "slots"), value("skill", "level"), value("site", "postcode")) == (4, 3, "9000")
        db.session.commit()
        downgrade(FOLDER, revision="base")

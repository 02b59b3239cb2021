from portal.candidates import (
    agree_views,
    allocation_views,
    break_glass_views,
    case_views,
    caseload_views,
    consent_views,
    needs_views,
    news_views,
    partner_views,
    plan_views,
    planning_views,
    referral_views,
    regime_views,
    screening_pick_views,
    screening_views,
    sit_day_rule_views,
    sit_day_views,
)
from portal.candidates.room import candidates

blueprints = (candidates,)

__all__ = [
    "agree_views",
    "allocation_views",
    "blueprints",
    "break_glass_views",
    "case_views",
    "caseload_views",
    "consent_views",
    "needs_views",
    "news_views",
    "partner_views",
    "plan_views",
    "planning_views",
    "referral_views",
    "regime_views",
    "screening_pick_views",
    "screening_views",
    "sit_day_rule_views",
    "sit_day_views",
]

from portal.candidates import case_views, needs_views, plan_views, referral_views, screening_views, sit_day_views
from portal.candidates.room import candidates

blueprints = (candidates,)

__all__ = [
    "blueprints",
    "case_views",
    "needs_views",
    "plan_views",
    "referral_views",
    "screening_views",
    "sit_day_views",
]

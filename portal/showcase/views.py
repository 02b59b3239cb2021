"""Brings the views of all sides of the showcase together."""

from portal.showcase import (
    candidate_views,
    client_views,
    employer_views,
    match_views,
    pool_views,
    proposal_views,
    question_views,
    team_views,
    vacancy_event_views,
    worker_views,
)
from portal.showcase.blueprint import showcase

blueprints = (showcase,)
__all__ = [
    "blueprints",
    "candidate_views",
    "client_views",
    "employer_views",
    "match_views",
    "pool_views",
    "proposal_views",
    "question_views",
    "team_views",
    "vacancy_event_views",
    "worker_views",
]

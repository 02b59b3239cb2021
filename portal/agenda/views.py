"""The pages of the agenda, each subject in its own module: hours, absences, weeks, calendars elsewhere, the private feed."""

from portal.agenda import away_views, busy_views, feed_views, hours_views, week_views
from portal.agenda.blueprint import agenda

blueprints = (agenda,)

__all__ = ["away_views", "blueprints", "busy_views", "feed_views", "hours_views", "week_views"]

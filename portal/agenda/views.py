"""The pages of the agenda, each subject in its own module: hours, absences, days, weeks, calendars elsewhere, the feed."""

from portal.agenda import away_views, busy_views, day_views, feed_views, hours_views, week_views
from portal.agenda.blueprint import agenda

blueprints = (agenda,)

__all__ = ["away_views", "blueprints", "busy_views", "day_views", "feed_views", "hours_views", "week_views"]

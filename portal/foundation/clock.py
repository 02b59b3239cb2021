"""The one clock. Times are stored in UTC and shown in the venue's zone; ruff forbids every other clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a wall calendar in Belgium."""
    return now().astimezone(BRUSSELS).date()


def local(moment: datetime, zone: ZoneInfo = BRUSSELS) -> datetime:
    """The same moment on the venue's wall clock."""
    return moment.astimezone(zone)


def at(day: date, hour: time, zone: ZoneInfo = BRUSSELS) -> datetime:
    """The moment in UTC of a wall-clock hour on a day."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The moment in UTC at which a Belgian day begins."""
    return at(day, time(0))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_from_now(days: float) -> datetime:
    return now() + timedelta(days=days)

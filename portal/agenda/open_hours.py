"""For what somebody's hours count: a window may be kept for some programmes, some provinces, some sites of a company.

Pure, so that the search with these can be compared with a naive one; what is left here goes into `slots` as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.agenda.windows import WeeklyWindow


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk asks of hours: its programme, the province where it is, the company's site. None: it does not matter."""

    programme: int | None = None
    region: str | None = None
    site: int | None = None


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A weekly window, and for what it counts; an empty set is everything."""

    window: WeeklyWindow
    programmes: frozenset[int] = frozenset()
    regions: frozenset[str] = frozenset()
    sites: frozenset[int] = frozenset()

    @property
    def once(self) -> bool:
        """A single day more, outside any week."""
        day = self.window.valid_from
        return day is not None and day == self.window.valid_until and day.weekday() == self.window.weekday

    def over(self, day: date) -> bool:
        return self.window.valid_until is not None and self.window.valid_until < day

    def count_for(self, talk: Talk) -> bool:
        asked = ((self.programmes, talk.programme), (self.regions, talk.region), (self.sites, talk.site))
        return all(not kept or wanted is None or wanted in kept for kept, wanted in asked)


def counting(
    hours: Iterable[OpenHours], talk: Talk, since: date, usual: Sequence[WeeklyWindow]
) -> tuple[WeeklyWindow, ...]:
    """The windows in which somebody can have this talk, from a day on.

    Whoever keeps no weekly hours (any more) has the usual ones; a single day more comes on top of either. Hours that
    are kept for something else are hours all the same: they do not bring the usual ones back.
    """
    coming = [one for one in hours if not one.over(since)]
    first = () if any(not one.once for one in coming) else tuple(usual)
    return (*first, *(one.window for one in coming if one.count_for(talk)))


def at_site(hours: Iterable[OpenHours], site: int | None) -> list[OpenHours]:
    """An employer's hours at one site: what was said of another one says nothing here."""
    return [one for one in hours if site is None or not one.sites or site in one.sites]

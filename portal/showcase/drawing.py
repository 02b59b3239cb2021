"""Which of the people who meet a vacancy's must-haves its list shows, and who sits out this time. Pure.

A list shows 5, 10, 15 … up to 50 people, never 6 or 11 (limits.toml, `cards_in_steps_of`; it begins at the programme's k). Two lists whose vacancies
differ in one requirement then differ in whole steps, so that nobody can take one from the other and keep a single
person (privacy.md, differencing; two companies that compare). Who sits out is drawn per batch, the same for every vacancy
and company: asking again, or asking for the same in other words, draws nothing new. Whoever came with the batch is seen at once; the
next batch draws anew.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from portal.showcase.states import Fit

BANDS = (Fit.STRONG, Fit.GOOD, Fit.PARTIAL)


def drawn(
    fitting: Mapping[int, Fit],
    rank: Callable[[int], Any],
    *,
    least: int,
    step: int,
    most: int,
    keep: Collection[int] = (),
) -> list[int]:
    """The numbers of the people whom a list shows; none when fewer than `least` meet the must-haves.

    `rank` orders people, by lot and anew with each batch. `keep`: people whom this company has opened for this
    vacancy already; they stay before others do.
    """
    if len(fitting) < least:
        return []
    count = least + (min(len(fitting), most) - least) // step * step
    if len(fitting) > most:
        return sorted(fitting, key=lambda one: (one not in keep, BANDS.index(fitting[one]), rank(one)))[:count]
    return sorted(fitting, key=lambda one: (one not in keep, rank(one)))[:count]

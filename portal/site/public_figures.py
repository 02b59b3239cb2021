"""The figures that everybody may read: those of the file for others (dashboard.released), so that no two readers can
reckon from each other's numbers what stays hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import sqlalchemy as sa

from portal.dashboard import boards, released, sheets
from portal.dashboard.eyes import HIDDEN, OUTSIDE
from portal.dashboard.figures import Period
from portal.dashboard.sheets import Sheet
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import language
from portal.programmes.models import Programme

# What a company or a neighbour wants to know; how fast the team works is the funder's.
SHOWN = ("lasting", "accompaniment", "aftercare", "trajectories")
# Counted anew this often: a visitor never makes the portal count.
FRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Public:
    """The figures of one programme over the days that were closed."""

    programme: str
    period: Period
    sheets: tuple[Sheet, ...]

    @property
    def says(self) -> str:
        """The first figure that has a number to tell."""
        lasting = next(one for one in self.sheets if one.code == "lasting")
        starts, working = lasting.rows[0][1:3]
        return lasting.sentence if starts and HIDDEN not in (starts, working) else ""


def of_all() -> Sequence[Public]:
    """Each programme whose first month is closed. One query, and the counting once an hour in each process."""
    hour = int(clock.now().timestamp() // FRESH.total_seconds())
    return [_kept(programme.key, over, hour, language()) for programme, over in released.everywhere()]


@lru_cache(maxsize=64)
def _kept(key: str, over: Period, _hour: int, _tongue: str) -> Public:
    programme = db.session.scalars(sa.select(Programme).where(Programme.key == key)).one()
    found = {one.code: one for one in sheets.of_board(boards.board(released.facts(programme, over)), OUTSIDE)}
    # What has something to tell stands first.
    shown = sorted((found[code] for code in SHOWN), key=lambda one: HIDDEN in one.rows[0])
    return Public(programme.name, over, tuple(shown))

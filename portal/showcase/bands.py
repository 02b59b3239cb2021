"""Who looks for work, in bands only: what an employer reads without a vacancy (privacy.md, stage 0). Pure.

Written once when a batch is released, so that it moves only when at least five profiles change together.
"""

from collections import Counter
from collections.abc import Iterable

from portal.showcase.blind import Work

# From these numbers on, the words for them; nobody is told of fewer than five.
STEPS = (5, 10, 20, 50)


def bands(people: Iterable[Work], least: int = STEPS[0]) -> list[list[str]]:
    """[province, sector, band] for every sector of a province with at least five people, or as many as the programme's k
    asks (`least`); the band is a number of STEPS."""
    counted = Counter((one.province, one.sector) for one in people if one.province)
    found = [
        [province, sector, str(max(step for step in STEPS if step == STEPS[0] or number > step))]
        for (province, sector), number in counted.items()
        if number >= max(least, STEPS[0])
    ]
    return sorted(found, key=lambda row: (row[0], -int(row[2]), row[1]))

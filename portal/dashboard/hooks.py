"""The kept figures follow what changes, and begin anew with each day."""

from portal.dashboard import changes, kept_boards
from portal.foundation import jobs

jobs.on_wake["dashboard.kept"] = kept_boards.bring_up
jobs.each_minute["dashboard.kept"] = kept_boards.bring_up
jobs.each_night["dashboard.kept"] = kept_boards.bring_up

__all__ = ["changes"]

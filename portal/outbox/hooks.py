"""The outbox wakes when letters were left, looks every minute in case nobody woke it, and shows letters beforehand."""

from portal.foundation import jobs, rehearsing
from portal.outbox import rehearsal
from portal.outbox.delivery import deliver

jobs.on_wake["outbox.deliver"] = deliver
jobs.each_minute["outbox.deliver"] = deliver
rehearsing.shown_by(rehearsal.page)

"""The outbox wakes when letters were left, and looks every minute in case nobody woke it."""

from portal.foundation import jobs
from portal.outbox.delivery import deliver

jobs.on_wake["outbox.deliver"] = deliver
jobs.each_minute["outbox.deliver"] = deliver

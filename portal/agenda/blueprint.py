"""The room's blueprint and who enters it, apart, so that its pages can be kept in several modules."""

from flask import Blueprint

from portal.accounts.roles import EMPLOYERS, STAFF
from portal.foundation.access import role_policy

agenda = Blueprint("agenda", __name__)
has_agenda = role_policy("project worker, coordinator, employer contact or admin", *STAFF, *EMPLOYERS)

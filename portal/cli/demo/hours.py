"""Some workers keep their hours for a province, say from where they leave, or can be there a day more."""

from datetime import time, timedelta

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.agenda import hours
from portal.agenda.models import Availability
from portal.cli.demo.world import DAY, World
from portal.foundation import acting
from portal.foundation.database import db

EAST, WEST = "40000", "30000"
# Of whom: the provinces of one weekday's hours, and a postcode.
KEPT = {"karim": ([WEST, EAST], "8200"), "ines": ([EAST], "9700"), "stijn": ([], "9200")}


def write(world: World) -> None:
    for code, (regions, postcode) in KEPT.items():
        person = world.staff[code]
        with acting.as_(person.id, Role.PROJECT_WORKER):
            hours.leave_from(person.id, postcode)
            mine = sa.select(Availability).where(Availability.person_id == person.id).order_by(Availability.weekday)
            for row in db.session.scalars(mine):
                row.regions = regions
    saturday = world.today + DAY * ((5 - world.today.weekday()) % 7 or 7) + timedelta(weeks=1)
    with acting.as_(world.staff["lien"].id, Role.PROJECT_WORKER):
        hours.add_once(world.staff["lien"].id, saturday, time(9), time(13))

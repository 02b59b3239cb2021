"""The places where a company works: added, changed, retired. A vacancy keeps its place, also a retired one."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.employers import queries
from portal.employers.answers import WorkplaceAnswer
from portal.employers.models import AgencyClient, Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, NotFound
from portal.foundation.signals import workplace_moves
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import places
from portal.organisations.models import Workplace


class OnlySite(Conflict):
    sentence = lazy("This is your only site. Add the new one first.")


class PlaceOfAClient(Conflict):
    sentence = lazy("This is the place of a client: it stays as it is. Add the client anew at its other place.")


def own(employer: Employer) -> Sequence[Workplace]:
    """The company's own places that it works at now; an agency's clients have theirs apart."""
    return db.session.scalars(_own(employer).where(Workplace.retired_at.is_(None)).order_by(Workplace.id)).all()


def own_one(employer: Employer, key: str) -> Workplace:
    """Raises NotFound."""
    found = db.session.scalar(_own(employer).where(Workplace.key == key, Workplace.retired_at.is_(None)))
    if found is None:
        raise NotFound()
    return found


def _own(employer: Employer) -> sa.Select[Workplace]:
    of_clients = sa.exists().where(AgencyClient.workplace_id == Workplace.id)
    return sa.select(Workplace).where(Workplace.organisation_id == employer.organisation_id, ~of_clients)


def change(place: Workplace, answer: WorkplaceAnswer) -> None:
    """The same place, told better, or moved. Where somebody is expected at the old address, a listener refuses the move.

    Raises UnknownPostcode and OtherPlace.
    """
    municipality = places.checked(answer.postcode, answer.municipality)
    moves = (place.street, place.postcode, place.municipality) != (answer.street, answer.postcode, municipality)
    if moves:
        workplace_moves.send(place)
    place.name, place.street, place.postcode = answer.site_name, answer.street, answer.postcode
    place.municipality, place.public_transport = municipality, answer.public_transport
    journal.note("workplace.changed", place, moved=moves)


def retire(employer: Employer, place: Workplace) -> None:
    """Nothing new chooses this place. Raises OnlySite, also where two places are retired at the same moment."""
    queries.lock(employer)
    if len(own(employer)) < 2:
        raise OnlySite()
    place.retired_at = clock.now()
    journal.note("workplace.retired", place)

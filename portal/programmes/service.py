"""Laying out a programme: its templates, and the places where it works."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from portal.foundation.database import db
from portal.foundation.errors import Conflict, NotFound
from portal.foundation.signals import leave_rules_changed, place_left, second_step_demanded
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme, ProgrammeSite, Site, SiteKind, Template
from portal.programmes.queries import DEFAULTS, shipped


class PlaceIsThere(Conflict):
    sentence = lazy("This place is in the list already.")
    field = "name"


def load_templates(programme: Programme) -> None:
    """Give a new programme version 1 of every template, as data of its own that a coordinator edits."""
    for kind in DEFAULTS:
        db.session.add(Template(programme_id=programme.id, kind=kind, version=1, body=shipped(kind)))
    db.session.flush()


def work_at(programme: Programme, site: Site) -> ProgrammeSite:
    """The programme meets people at a site from now on."""
    row = ProgrammeSite(programme_id=programme.id, site_id=site.id)
    db.session.add(row)
    db.session.flush()
    return row


def set_lead_days(site: Site, days: int) -> None:
    """How many working days an exit permission takes at a site: experience, not law."""
    before, site.permission_lead_days = site.permission_lead_days, days
    journal.note("site.lead_days", site, old=before, new=days)
    leave_rules_changed.send(site)


def change_centre(
    site: Site, *, name: str, street: str, postcode: str, municipality: str, days: int, languages: Sequence[str]
) -> None:
    """Another name, address or time of a centre that the coordinator added; a listed place keeps what its list says."""
    if not site.own:
        raise NotFound()
    site.nl = site.fr = site.en = name
    site.street, site.postcode, site.municipality = street, postcode, municipality
    site.languages = list(languages)
    if days != site.permission_lead_days:
        set_lead_days(site, days)
    journal.note("site.changed", site)


def leave(place: ProgrammeSite) -> None:
    """Stop working at a place. Later rooms refuse (in a sentence of their own) while somebody is met there."""
    place_left.send(place)
    journal.note("site.left", place.site, programme=place.programme_id)
    db.session.delete(place)


def add_centre(
    programme: Programme, *, name: str, street: str, postcode: str, municipality: str, days: int = 0, languages: Sequence[str] = ()
) -> Site:  # fmt: skip
    """A reception centre that no public list names. Its people need no leave, or some days. Raises PlaceIsThere."""
    site = Site(
        kind=SiteKind.CENTRE, code=f"centre-{programme.id}-{postcode}-{name.casefold()}"[:80], nl=name, fr=name, en=name,
        street=street, postcode=postcode, municipality=municipality, permission_lead_days=days, languages=list(languages),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(site)
    except IntegrityError:
        raise PlaceIsThere() from None
    work_at(programme, site)
    journal.note("site.added", site, programme=programme.id)
    return site


def demand_second_step(programme: Programme, yes: bool) -> None:
    """Whether contacts of this programme's companies need a second step at signing in, as staff and partners do."""
    if programme.employers_second_step == yes:
        return
    programme.employers_second_step = yes
    journal.note("programme.second_step", programme, demanded=yes)
    if yes:
        second_step_demanded.send(programme)

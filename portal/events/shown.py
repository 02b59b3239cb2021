"""How events read: kind, place, state, as words."""

from collections.abc import Sequence
from typing import Any

from portal.events.models import Event, EventSeat
from portal.events.states import EventState, SeatState
from portal.foundation.options import label
from portal.foundation.words import _, lazy, moment, time_short

STATES: dict[str, tuple[Any, str]] = {
    EventState.DRAFT: (lazy("not sent yet"), "wait"),
    EventState.ANNOUNCED: (lazy("goes on"), "good"),
    EventState.HELD: (lazy("took place"), "teal"),
    EventState.CANCELLED: (lazy("called off"), "bad"),
}
SEATS: dict[str, tuple[Any, str]] = {
    SeatState.INVITED: (lazy("has not answered yet"), "wait"),
    SeatState.COMING: (lazy("comes"), "good"),
    SeatState.WAITING: (lazy("on the waiting list"), "wait"),
    SeatState.DECLINED: (lazy("cannot come"), ""),
    SeatState.CAME: (lazy("was there"), "good"),
    SeatState.STAYED_AWAY: (lazy("was not there"), "bad"),
}
# The same, as the company itself reads it.
MINE: dict[str, tuple[Any, str]] = {
    SeatState.INVITED: (lazy("you are invited"), "wait"),
    SeatState.COMING: (lazy("you come"), "good"),
    SeatState.WAITING: (lazy("you are on the waiting list"), "wait"),
    SeatState.DECLINED: (lazy("you do not come"), ""),
    SeatState.CAME: (lazy("you were there"), "good"),
    SeatState.STAYED_AWAY: (lazy("you were not there"), ""),
}


def kind(event: Event) -> str:
    return label("events", "kinds", event.kind)


def where(event: Event) -> str:
    """The whole address, for whoever comes."""
    if event.site is not None:
        return _address(event.site.label, event.site.street, event.site.postcode, event.site.municipality)
    if event.workplace is not None:
        place = event.workplace
        host = event.host.organisation.name if event.host is not None else place.name
        return _address(host, place.street, place.postcode, place.municipality)
    return _address("", event.street, event.postcode, event.municipality)


def municipality(event: Event) -> str:
    """As near as anybody may know."""
    place = event.site or event.workplace
    return place.municipality if place is not None else event.municipality


def _address(name: str, street: str, postcode: str, town: str) -> str:
    return ", ".join(part for part in (name, street, f"{postcode} {town}".strip()) if part)


def when(event: Event) -> str:
    """Day and hours, by the wall clock there."""
    return _("%(moment)s to %(end)s", moment=moment(event.starts_at), end=time_short(event.ends_at))


def mine(seat: EventSeat | None) -> tuple[Any, str] | None:
    return MINE[seat.state] if seat is not None else None


def facts(event: Event) -> list[tuple[str, Any]]:
    """What it is and where, for whoever may come."""
    return [
        (_("What"), kind(event)),
        (_("Where"), where(event)),
        (_("To bring"), event.bring or None),
        (_("Your contact"), " ".join(part for part in (event.organiser.name, event.organiser.phone) if part)),
    ]


def outcome(seat: EventSeat) -> str:
    return label("events", "outcomes", seat.outcome) if seat.outcome else ""


def results(came: Sequence[EventSeat]) -> list[tuple[str, Any]]:
    """What came of it, company by company."""
    return [(one.employer.organisation.name, outcome(one) or _("still to be called")) for one in came]

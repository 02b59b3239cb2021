"""Every letter of a deed as its reader will read it, before the deed is done: the deed's own steps wrote it, the sending's
own steps render it, and then all of it is undone. So nothing is sketched, and what is shown is what will leave."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import lxml.html
from flask import render_template, request
from icalendar import Calendar as Ics
from markupsafe import Markup

from portal.foundation import clock, crypto, refusals, rehearsing
from portal.foundation.database import db
from portal.foundation.forms import Form, Press
from portal.foundation.words import LANGUAGES, moment, time_short
from portal.outbox import service
from portal.outbox.models import Letter
from portal.outbox.render import Rendered, render

# What a page of ours does not allow, or what must not be pressed in somebody else's letter.
_INERT = ("style", "href", "target")


@dataclass(frozen=True)
class Appointment:
    """What a letter does to its reader's calendar: "new", "moved" or "cancelled"; and what stands there then."""

    change: str
    title: str
    where: str
    begins: datetime
    ends: datetime

    @property
    def when(self) -> str:
        return f"{moment(self.begins)} – {time_short(self.ends)}"


@dataclass(frozen=True)
class Rehearsed:
    """A letter that would leave. `calendar` is the message that goes with it, as the sending attaches it."""

    to: str
    name: str
    language: str
    letter: Rendered
    calendar: dict[str, Any] | None

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.language]

    @property
    def glance(self) -> str:
        """What the reader's list of letters shows beside the subject."""
        return " ".join(lxml.html.document_fromstring(self.letter.html).xpath("string(//body/div[1])").split())

    @property
    def picture(self) -> Markup:
        """The letter's own words and build for a page of ours: with nothing to press, and the page's own colours."""
        tree = lxml.html.document_fromstring(self.letter.html).xpath("//div[@role='article']")[0]
        for element in tree.iter():
            for name in _INERT:
                element.attrib.pop(name, None)
            if element.tag == "a":
                element.tag = "span"
        return Markup(lxml.html.tostring(tree, encoding="unicode"))  # nosec B704: our own template, which escaped its values

    @property
    def appointment(self) -> Appointment | None:
        if self.calendar is None:
            return None
        event = Ics.from_ical(self.calendar["ics"]).events[0]
        change = "moved" if self.calendar["known"] else "new"
        return Appointment(
            "cancelled" if self.calendar["method"] == "CANCEL" else change, str(event.get("SUMMARY", "")),
            str(event.get("LOCATION", "")), _at(event.DTSTART), _at(event.DTEND),
        )  # fmt: skip


def _at(when: date | None) -> datetime:
    return when if isinstance(when, datetime) else clock.midnight(when or clock.today())


def rehearse() -> list[Rehearsed]:
    """What this transaction would send, in order; and then the transaction is undone: no row, no letter, no wake-up."""
    try:
        return [_rehearsed(letter) for letter in service.left_here()]
    finally:
        db.session.rollback()


def _rehearsed(letter: Letter) -> Rehearsed:
    seen = render(letter.template, letter.language, letter.values, rehearsed=True)
    return Rehearsed(
        letter.address or "", service.name_of(letter.recipient_ref), letter.language, seen, letter.calendar
    )


def page(form: Form[Any]) -> str:
    """The letters; one press sends them with everything that was chosen, another leads back to it."""
    letters = rehearse()
    own = {"csrf_token", "once", rehearsing.BUTTON}
    given = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    given.append(("once", form.once.data or crypto.token()))
    # A button has no page of its own: it says where it stood.
    stood = refusals.local_path(request.form.get("back")) or refusals.page_above() if isinstance(form, Press) else None
    return render_template("outbox/rehearsal.html", letters=letters, given=given, stood=stood)

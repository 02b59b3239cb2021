"""Reading the letters of a test, as their readers will."""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState
from portal.outbox.render import Rendered, render
from portal.outbox.service import still_right


@dataclass(frozen=True)
class Read:
    """A letter as its reader sees it."""

    template: str
    to: str
    subject: str
    text: str
    html: str
    calendar: dict[str, str] | None

    def path(self, part: str = "/") -> str:
        """The path of the letter's link that contains this part."""
        links: list[str] = re.findall(r'href="https?://[^/"]+(/[^"]*)"', self.html)
        found = [link for link in links if part in link]
        assert found, f"no link with {part!r} in {self.template}: {links}"
        return found[0].replace("&amp;", "&")


class Postbox:
    """The letters that were left, in order; reading renders them with the right of their reader checked."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def all(self, template: str | None = None) -> list[Read]:
        db.session.commit()
        letters = db.session.scalars(
            sa.select(Letter).where(Letter.state == LetterState.WAITING).order_by(Letter.id)
        ).all()
        return [self._read(one) for one in letters if still_right(one) and template in (None, one.template)]

    def to(self, address: str, template: str | None = None) -> list[Read]:
        return [letter for letter in self.all(template) if letter.to == address.lower()]

    def last(self, address: str, template: str | None = None) -> Read:
        found = self.to(address, template)
        assert found, f"no letter to {address}: {[(one.to, one.template) for one in self.all()]}"
        return found[-1]

    def _read(self, letter: Letter) -> Read:
        seen: Rendered = render(letter.template, letter.language, letter.values)
        address = (letter.address or "").lower()
        return Read(letter.template, address, seen.subject, seen.text, seen.html, letter.calendar)

"""A card put into words once: several people share each card on purpose, so a list of fifty holds a handful of texts."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from flask import get_template_attribute
from markupsafe import Markup

from portal.foundation.words import language
from portal.showcase.blind import card
from portal.showcase.employer_queries import CardRow

# The most texts that a process keeps per language: every combination of coded words that a few programmes tell.
_MOST = 4096
# Where a text has its blanks, in the order of a card: words that no text holds and no address escapes.
_CODE, _KEY, _TOKEN = "~code~", "~key~", "~token~"
_Face = tuple[str, bool, bool, str | None]


class Deck(dict[_Face, str]):
    """The cards of one language and catalogue, each as a text with blanks for its code, its address and the form's token."""

    def __init__(self, sectors: Mapping[str, str]) -> None:
        super().__init__()
        self._sectors = sectors

    def __missing__(self, face: _Face) -> str:
        if len(self) >= _MOST:
            self.clear()
        told, opened, not_fitting, interest = face
        lay_out = get_template_attribute("showcase/card.html", "card")
        found = lay_out(
            card(json.loads(told), self._sectors), opened=opened, not_fitting=not_fitting, interest=interest,
            code=_CODE, key=_KEY, token=_TOKEN,
        )  # fmt: skip
        self[face] = _with_blanks(str(found))
        return self[face]

    def laid_out(self, rows: Iterable[CardRow], token: str) -> Markup:
        """The list in its order. The blanks take only what the portal itself made: none of it holds a sign of HTML."""
        words = (self[row[2:]] % {"code": row[1], "key": row[0], "token": token} for row in rows)
        return Markup("".join(words))  # nosec B704: laid out by a macro, which has escaped


def _with_blanks(text: str) -> str:
    text = text.replace("%", "%%").replace(_CODE, "%(code)s").replace(_KEY, "%(key)s")
    return text.replace(_TOKEN, "%(token)s")


def deck(sectors: str) -> Deck:
    """The cards in the language being written. Each request reads the catalogue's names: changed ones are another deck."""
    return _deck(language(), sectors)


@lru_cache(maxsize=12)
def _deck(_tongue: str, sectors: str) -> Deck:
    return Deck(dict(line.split("\t") for line in sectors.splitlines()))

"""The word lists, which people edit who are no programmers."""

import re

import pytest

from portal.showcase.redaction.finder import Finder
from portal.showcase.redaction.wording import LANGUAGES, wordings


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_expression_can_be_read(lang: str) -> None:
    """They are made ready only when their first letters stand in a text, so a slip would show itself late."""
    finders: list[Finder] = []
    for wording in wordings(lang):
        finders += [wording.found, wording.accented, wording.innocent]
    for finder in finders:
        for part in finder.parts:
            re.compile(rf"(?:{part})(?!\w)", re.IGNORECASE if finder.cased else re.NOFLAG)

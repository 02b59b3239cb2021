"""The words of a coded reason for a no, whichever side gave it."""

from portal.foundation.options import label

_LISTS = ("employer_reasons", "not_fitting_reasons", "candidate_reasons")


def reason(code: str) -> str:
    return next((text for one in _LISTS if (text := label("interviews", one, code)) != code), code)

"""The answers that belong where a worry arises: first those to what the company said that it worried about."""

from portal.answers import library
from portal.answers.library import Answer
from portal.employers.models import Employer
from portal.foundation.options import options


def near(place: str, employer: Employer | None = None) -> list[Answer]:
    """Two or three answers for a place of the portal: signup, vacancy, interview or start."""
    concerns = options("employers", "concerns")
    told = employer.concerns if employer is not None else []
    return library.near(place, [concerns[code].data["answer"] for code in told if code in concerns])

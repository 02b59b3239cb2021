"""A decision in words: what goes with an offer, a trial or a second talk."""

from datetime import date
from typing import Any

from portal.foundation.options import label
from portal.foundation.words import _, date_long
from portal.interviews.models import Interview


def terms_of(interview: Interview) -> list[tuple[str, Any]]:
    """Pairs for a list of facts; only what was filled in."""
    decision = interview.decision
    if decision is None:
        return []
    form = label("candidates", "employment_forms", decision.form) if decision.form else ""
    pairs = [
        (_("Form of employment"), form), (_("Hours a week"), decision.hours_week), (_("First day"), decision.starts_on),
        (_("Last day"), decision.ends_on), (_("Stands until"), decision.stands_until), (_("About"), decision.wish),
        (_("When it is wished"), decision.wish_when), (_("With whom"), decision.wish_who),
    ]  # fmt: skip
    return [(name, date_long(value) if isinstance(value, date) else value) for name, value in pairs if value]

"""How each of the three came to an interview, by the part that somebody has in it."""

from portal.agenda import holds
from portal.interviews.models import Interview
from portal.interviews.states import Presence


def parties(interview: Interview) -> dict[str, str]:
    """Who holds the time, by part: candidate, contact, companion."""
    return {
        "candidate": holds.candidate(interview.candidate_id),
        "contact": holds.person(interview.contact_id),
        "companion": holds.person(interview.companion_id or 0),
    }


def came(interview: Interview) -> dict[str, str]:
    """Present, late, absent … by part; without those of whom nothing is noted."""
    known = {one.party: one.presence.value for one in interview.participants if one.presence is not Presence.EXPECTED}
    return {name: known[party] for name, party in parties(interview).items() if party in known}

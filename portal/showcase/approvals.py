"""The candidate answers by a personal link: yes to the whole page, or what should change."""

from datetime import timedelta

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import language, lazy
from portal.journal import service as journal
from portal.showcase import service
from portal.showcase.matching import limit
from portal.showcase.models import Profile
from portal.showcase.service import APPROVAL_LINK, Approval
from portal.showcase.states import ProfileState


class ChangeMissing(DomainError):
    sentence = lazy("Write what should change, so that your project worker can do it.")
    field = "change"


def hand_link(profile: Profile) -> PersonalLink:
    """A link for the candidate: the one that still stands, or a new one. Raises WrongState when nothing waits for a yes."""
    service.must_wait_for_candidate(profile)
    standing = links.standing(APPROVAL_LINK, profile)
    if standing is not None:
        return standing
    journal.note("profile.link_handed", profile)
    return links.make(
        APPROVAL_LINK, profile, reader=f"candidate:{profile.candidate_id}",
        expires=clock.now() + timedelta(days=int(limit("approval_link_days"))),
    )  # fmt: skip


def behind(link: PersonalLink) -> Profile:
    """The profile that a link is about. Raises NoSuchLink when it does not wait for its candidate any more."""
    profile = db.session.get_one(Profile, link.subject_id)
    if profile.state != ProfileState.CANDIDATE_APPROVAL:
        raise links.NoSuchLink()
    return profile


def agree(profile: Profile) -> None:
    """The candidate says yes, in the language of the page that was read."""
    service.approve(profile, Approval(Channel.LINK, language=language()))


def ask_for_change(profile: Profile, words: str) -> None:
    """Not yet: the worker reads what should change, and writes it anew. Raises ChangeMissing without words."""
    if not words.strip():
        raise ChangeMissing()
    service.send_back(profile, "candidate asks for a change")
    profile.candidate_remark = words

"""From the times that a company gave to the first moment that suits everybody; or why there is none, and what comes nearest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from portal.agenda import service as agenda
from portal.agenda.slots import Question, Slot, find_slots
from portal.agenda.windows import Span, merge
from portal.candidates.handles import Handle, handle
from portal.foundation import clock
from portal.foundation.words import _, moment
from portal.interviews import planning, preferred, queries, service
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from portal.interviews.rules import Late
from portal.interviews.states import Mode, ProposalState

NEAREST = 3


def windows_of(proposal: Proposal | None) -> list[Window]:
    """What the company prefers and can still be."""
    if proposal is None or proposal.state is not ProposalState.PREFERRED:
        return []
    return preferred.still_to_come(preferred.read(proposal.windows))


def spans_of(proposal: Proposal | None) -> list[Span]:
    return [window.span for window in windows_of(proposal)]


def _within(question: Question, windows: Sequence[Window]) -> Question:
    """The same question, with the company there in these windows only."""
    return replace(question, employer=replace(question.employer, windows=merge(one.span for one in windows)))


def first_fit(found: agenda.Search, windows: Sequence[Window]) -> Slot | None:
    """The first moment inside the windows that suits the candidate and somebody to go along, travel and permission counted."""
    if not windows:
        return None
    slots = find_slots(replace(_within(found.question, windows), limit=1)).slots
    return slots[0] if slots else None


def why_not(found: agenda.Search, windows: Sequence[Window]) -> list[tuple[str, str]]:
    """For each window the reason in words, for the team only."""
    reasons = []
    for one in windows:
        asked = replace(_within(found.question, [one]), first_day=one.day, last_day=one.day, limit=1)
        answer = find_slots(asked)
        why = answer.reasons.get(one.day)
        reasons.append((one.label, str(planning.WHY_NOT[why]) if why else ""))
    return reasons


def nearest(found: agenda.Search, windows: Sequence[Window]) -> list[Slot]:
    """The moments closest to what the company prefers, each on a day of its own, in order of time."""

    def distance(slot: Slot) -> timedelta:
        return min(_between(slot.start, one.span) for one in windows)

    best: dict[object, Slot] = {}
    for slot in sorted(find_slots(found.question).slots, key=distance):
        best.setdefault(clock.local(slot.start).date(), slot)
    return sorted(list(best.values())[:NEAREST], key=lambda slot: slot.start)


def _between(start: datetime, span: Span) -> timedelta:
    return max(span.start - start, start - span.end, timedelta(0))


@dataclass(frozen=True)
class Offer:
    """What the company said, as the page of moments shows it first."""

    proposal: Proposal | None
    windows: list[Window]
    slot: str = ""
    label: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    until: str = ""


def offer(proposal: Proposal | None, found: agenda.Search, address: dict[str, str]) -> Offer:
    """`address`: the endpoint's values of the page of moments, so that a near one can be looked at there."""
    windows = windows_of(proposal)
    fit = first_fit(found, windows)
    if fit is not None:
        person = found.people[fit.companion]
        label = _("%(moment)s, with %(name)s", moment=moment(fit.start), name=person.first_name)
        return Offer(proposal, windows, planning.value_of(fit, person), label)
    if not windows:
        return Offer(proposal, [])
    return Offer(
        proposal, windows, reasons=tuple(why_not(found, windows)),
        near=tuple(_near(slot, found, address) for slot in nearest(found, windows)),
    )  # fmt: skip


def _near(slot: Slot, found: agenda.Search, address: dict[str, str]) -> tuple[str, str]:
    person, day = found.people[slot.companion], clock.local(slot.start).date()
    values: dict[str, Any] = {**address, "week": day.isoformat(), "slot": planning.value_of(slot, person)}
    return moment(slot.start), url_for(values.pop("endpoint"), **values, _anchor="slot")


def settle(proposal: Proposal, case: Handle, chosen: str, mode: str = "") -> Interview:
    """Hold the moment that the page showed, inside what the company prefers. Raises Late and AlreadyTaken."""
    windows = windows_of(proposal)
    if not windows:
        raise Late()
    if proposal.interview_id is None:
        return _plan(proposal, case, chosen, windows, mode)
    interview = queries.whole([proposal.interview_id])[0]
    if not interview.open or interview.revision != proposal.revision:
        raise Late()
    service.move(interview, planning.chosen(_narrowed(search(interview, windows), windows), chosen))
    return interview


def _plan(proposal: Proposal, case: Handle, chosen: str, windows: Sequence[Window], mode: str) -> Interview:
    interest = proposal.interest
    if not queries.may_plan(interest, queries.latest_of(interest.id)):
        raise Late()
    how = planning.mode_of(interest.vacancy, mode)
    spans = [one.span for one in windows]
    found = planning.search(interest.vacancy, interest.contact_id, case, how, preferred=spans)
    slot = planning.chosen(_narrowed(found, windows), chosen)
    return service.request(interest, case, slot, mode=how)


def _narrowed(found: agenda.Search, windows: Sequence[Window]) -> agenda.Search:
    return replace(found, question=_within(found.question, windows))


def search(interview: Interview, windows: Sequence[Window] = ()) -> agenda.Search:
    """Everybody's time for another moment of an interview, also where the company would rather meet."""
    vacancy = interview.vacancy
    vacancy.workplace = interview.workplace
    return planning.search(
        vacancy, interview.contact_id, handle(interview.candidate_id), Mode(interview.mode), interview=interview,
        preferred=[one.span for one in windows],
    )  # fmt: skip


def said(proposal: Proposal | None) -> str:
    """What the company answered about the moment, in a word or two, for the team."""
    if proposal is None:
        return ""
    words = {
        ProposalState.ASKED: _("not answered yet"),
        ProposalState.SUITS: _("this moment suits"),
        ProposalState.PREFERRED: _("would rather have another moment"),
    }
    return words.get(proposal.state, "")

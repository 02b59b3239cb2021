"""How a question between companies reads: who wrote, as far as the reader may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.ambassadors.question_models import PeerQuestion, QuestionState, Side
from portal.ambassadors.questions import look
from portal.employers.models import Employer
from portal.foundation.options import label
from portal.foundation.words import _, lazy, lower_first

# (words, kind of tag)
STATES: dict[str, tuple[Any, str]] = {
    QuestionState.WITH_PEER: (lazy("with another company"), "wait"),
    QuestionState.WITH_WORKER: (lazy("with the project worker"), "wait"),
    QuestionState.ANSWERED: (lazy("answered"), "good"),
    QuestionState.CLOSED: (lazy("closed"), ""),
}


@dataclass(frozen=True)
class Said:
    """One message as a reader sees it."""

    who: str
    text: str
    own: bool
    day: Any


@dataclass(frozen=True)
class Marked:
    """What the check found in a text: the words, and why."""

    text: str
    reason: str


def like(company: Employer) -> str:
    """A company without its name."""
    values = {
        "sector": lower_first(label("employers", "sectors", company.section).split(" (")[0]),
        "size": lower_first(label("employers", "sizes", company.size)),
    }
    if not company.section:
        return _("a company")
    return (
        _("a company in %(sector)s", **values) if not company.size else _("a company in %(sector)s, %(size)s", **values)
    )


def asker_name(question: PeerQuestion) -> str:
    company = question.employer
    return company.organisation.name if question.names_company else like(company)


def messages(question: PeerQuestion, reader: Side | None) -> Sequence[Said]:
    """The talk, for one of its sides; for the team (None) with all names."""
    turns = {one.id: one for one in question.turns}
    found = []
    for one in question.messages:
        if one.side is Side.ASKER:
            who = question.employer.organisation.name if reader is None else asker_name(question)
        elif one.side is Side.WORKER or one.turn_id is None:
            who = _("the project worker")
        else:
            turn = turns[one.turn_id]
            company = turn.ambassador.employer
            who = company.organisation.name if reader is None or turn.names_company else like(company)
        own = reader is not None and one.side is reader
        found.append(Said(_("You") if own else who[:1].upper() + who[1:], one.text, own, one.created_at))
    return found


def marked(text: str | None, language: str) -> list[Marked]:
    return [Marked(one.text, label("showcase", "finding_reasons", one.why)) for one in look(text or "", language)]


__all__ = ["STATES", "asker_name", "like", "marked", "messages"]

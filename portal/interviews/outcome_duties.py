"""Which tasks the outcome of an interview opens and closes, beside those of the interview itself (duties)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.agenda.windows import next_workday, workdays_after
from portal.foundation import clock
from portal.foundation.options import options
from portal.foundation.words import date_short, lazy, speaking
from portal.interviews.duties import day_of
from portal.interviews.letters import company_of
from portal.interviews.models import Interview
from portal.interviews.outcome_models import Scorer
from portal.interviews.rules import rule
from portal.tasks import service as tasks

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "card": (
        lazy("How was the interview for %(vacancy)s?"),
        lazy("%(asker)s asks for your card. Nobody reads it before the own one is in."),
        lazy("Fill it in"),
    ),
    "card_silence": (
        lazy("A card is missing at %(company)s"),
        lazy("Somebody who was there on %(day)s has not filled in the card. Call and ask what they need."),
        lazy("Look at the interview"),
    ),
    "trial_over": (
        lazy("How did the trial for %(vacancy)s go?"),
        lazy("It runs until %(day)s. The candidate then hears from you: an offer, or a no with its reason."),
        lazy("Give your answer"),
    ),
    "support": (
        lazy("Offer help to %(company)s"),
        lazy("It said no for a reason that we may help with: %(reason)s"),
        lazy("Look at the answer"),
    ),
    "after_no": (
        lazy("The candidate said no to %(company)s: what comes next?"),
        lazy("Look together at the reason, and agree on the next step."),
        lazy("Look at the answer"),
    ),
    "offer_over": (
        lazy("The offer of %(company)s has ended without an answer"),
        lazy("It stood until %(day)s. Ask the candidate, and the company whether it stands longer."),
        lazy("Look at the offer"),
    ),
}  # fmt: skip

for _code, (_title, _why, _action) in KINDS.items():
    tasks.kind(f"interviews.{_code}", title=_title, why=_why, action=_action)
# A card is asked of who was there.
tasks.stays_with_its_owner("interviews.card")


def card_asked(interview: Interview, scorer: Scorer) -> None:
    tasks.open_task(
        "interviews.card", scorer, due=workdays_after(clock.today(), rule("answer_reminder_workdays")[0]),
        at=("interviews.score", {"key": interview.key}), owner_id=scorer.person_id, about=interview.candidate_id,
        vacancy=interview.vacancy.title, asker=interview.contact.name,
    )  # fmt: skip


def card_in(scorer: Scorer) -> None:
    for kind in ("card", "card_silence"):
        tasks.close(f"interviews.{kind}", scorer)


def card_silent(interview: Interview, scorer: Scorer) -> None:
    _for_worker("card_silence", scorer, interview, clock.today(), day_of(interview))


def trial_agreed(interview: Interview, ends_on: date) -> None:
    """The trial runs; on its last day the contact decides."""
    with speaking(interview.contact.language):
        day = date_short(ends_on)
    tasks.open_task(
        "interviews.trial_over", interview, due=next_workday(ends_on), at=("interviews.decide", {"key": interview.key}),
        owner_id=interview.contact_id, about=interview.candidate_id, vacancy=interview.vacancy.title, day=day,
    )  # fmt: skip


def offer_support(interview: Interview, reasons: Sequence[str]) -> None:
    """Some reasons of a company are a question for help: its worker calls."""
    known = options("interviews", "employer_reasons")
    with speaking(interview.worker.language):
        said = [known[code].label for code in reasons if known[code].data["offers_support"]]
    if said:
        due = workdays_after(clock.today(), 3)
        _for_worker("support", interview, interview, due, clock.today(), reason=", ".join(said))


def candidate_said_no(interview: Interview) -> None:
    """A no of the candidate gets the care that a no of the company gets: somebody talks about what comes next."""
    for kind in ("answer", "silence", "tell", "trial_over", "offer_over"):
        tasks.close(f"interviews.{kind}", interview)
    tasks.close("interviews.plan", interview.interest)
    _for_worker("after_no", interview, interview, workdays_after(clock.today(), 3), clock.today())


def offer_over(interview: Interview, until: date) -> None:
    _for_worker("offer_over", interview, interview, clock.today(), until)


def _for_worker(kind: str, subject: Any, interview: Interview, due: date, day: date, **more: Any) -> None:
    with speaking(interview.worker.language):
        words = date_short(day)
    tasks.open_task(
        f"interviews.{kind}", subject, due=due, at=("interviews.show", {"key": interview.key}),
        owner_id=interview.worker_id, about=interview.candidate_id, company=company_of(interview), day=words, **more,
    )  # fmt: skip

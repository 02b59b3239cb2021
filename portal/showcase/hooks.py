"""Tasks of this room, and what happens elsewhere that changes what employers see."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.candidates import doors
from portal.candidates.states import Purpose
from portal.employers import vacancy_reach
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.employers.vacancy_changes import HOURS
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import (
    consent_withdrawn,
    employer_verified,
    employment_worded,
    state_changed,
    vacancy_changed,
)
from portal.foundation.words import lazy
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.programmes.models import Programme
from portal.showcase import (
    batches,
    cards,
    company_hooks,
    digest_lines,
    interests,
    mediation,
    passing_on_hooks,
    pool_rows,
    proposals,
    queries,
    questions,
    reach,
    vacancy_events,
    wordings,
)
from portal.showcase.models import Profile
from portal.showcase.service import APPROVAL_LINK
from portal.showcase.states import ProfileState
from portal.tasks import digest
from portal.tasks import service as tasks

links.opens(APPROVAL_LINK, "showcase.own_approval")
employment_worded.connect(wordings.refuse_the_past)
vacancy_reach.counted_by(reach.counted)
digest.brings("profiles", digest_lines.unread)

tasks.kind(
    "showcase.read_sentences",
    title=lazy("Read a blind profile"),
    why=lazy("A second person approves each sentence before an employer can see it."),
    action=lazy("Read the sentences"),
)
tasks.kind(
    "showcase.rewrite",
    title=lazy("A sentence of a blind profile came back"),
    why=lazy("The second reader or the check found something that must change."),
    action=lazy("Change it"),
)
tasks.kind(
    "showcase.record_approval",
    title=lazy("A blind profile is ready for the candidate"),
    why=lazy("The candidate approves it on the very page that an employer will see."),
    action=lazy("Look at it together"),
)
tasks.kind(
    "showcase.release",
    title=lazy("Profiles wait to be released"),
    why=lazy("Enough have changed for a batch. Companies see them once you release it."),
    action=lazy("Look at the batch"),
)
tasks.kind(
    "showcase.mediate",
    title=lazy("%(company)s: too few people for “%(vacancy)s”"),
    why=lazy("The company sees no cards for this vacancy. Look who comes close, and call."),
    action=lazy("Look who comes close"),
)
tasks.kind(
    "showcase.ask_candidate",
    title=lazy("%(company)s is interested in somebody of yours"),
    why=lazy("For “%(vacancy)s”. The candidate decides first."),
    action=lazy("Ask the candidate"),
)

tasks.kind(
    "showcase.answer_question",
    title=lazy("%(company)s has a question about a profile"),
    why=lazy("About the work of somebody of yours. What you write is checked before the company reads it."),
    action=lazy("Read and answer"),
)
tasks.kind(
    "showcase.ask_about_proposal",
    title=lazy("Ask somebody of yours about %(company)s"),
    why=lazy("You proposed them for “%(vacancy)s”. Without their yes nothing goes on."),
    action=lazy("Ask the candidate"),
)
tasks.kind(
    "showcase.answer_proposal",
    title=lazy("We propose somebody for “%(vacancy)s”"),
    why=lazy("Read what this person can do, and say whether you want to meet."),
    action=lazy("Read the profile"),
)
tasks.kind(
    "showcase.tell_no",
    title=lazy("%(company)s does not go on with somebody of yours"),
    why=lazy("For “%(vacancy)s”. The candidate hears within a week why."),
    action=lazy("Read why"),
)
doors.leads_to("showcase.vacancies_for", lazy("Vacancies"))
doors.leads_to("showcase.kept_from", lazy("Not shown to"))


@consent_withdrawn.connect
def _hide_at_once(consent: Any) -> None:
    """Without consent nothing is seen any more, from the next request on."""
    if consent.purpose != Purpose.PROFILE:
        return
    profile = queries.profile_of(consent.candidate_id)
    if profile is None:
        return
    batches.hide(profile)
    mediation.after_leaving(profile.candidate_id)
    questions.end_open(profile.candidate_id)
    if profile.may_move_to(ProfileState.WITHDRAWN):
        profile.move_to(ProfileState.WITHDRAWN, "consent withdrawn")
    tasks.close(None, profile, "withdrawn")
    interests.lapse_open(profile.candidate_id)


@check_before_sending("showcase/proposed")
def _proposal_stands(letter: Letter) -> bool:
    return proposals.still_stands(letter)


@state_changed.connect
def _vacancy_opens(subject: Any, *, old: Any, new: Any, reason: str) -> None:
    if isinstance(subject, Vacancy) and new == VacancyState.OPEN:
        cards.lay_out_opened(Vacancy.id == subject.id)
    elif isinstance(subject, Vacancy):
        tasks.close("showcase.mediate", subject, str(new))
        if new in (VacancyState.CLOSED, VacancyState.FILLED):
            vacancy_events.closed(subject)


@vacancy_changed.connect
def _vacancy_changes(vacancy: Vacancy, *, what: frozenset[str], **_more: Any) -> None:
    """What is compared changed: the list is laid out anew from what the last batch released."""
    if what & {*HOURS, "asked"}:
        cards.lay_out_opened(Vacancy.id == vacancy.id)
    if what & set(HOURS):
        vacancy_events.hours_changed(vacancy)


@state_changed.connect
def _profile_waits(subject: Any, *, old: Any, new: Any, reason: str) -> None:
    if isinstance(subject, Profile) and new == ProfileState.APPROVED:
        db.session.flush()
        batches.ask_to_release(db.session.get_one(Programme, subject.programme_id))


def _ask_to_release() -> None:
    for programme in db.session.scalars(sa.select(Programme)).all():
        batches.ask_to_release(programme)
    db.session.commit()


def _complete_the_pool() -> None:
    pool_rows.catch_up()
    db.session.commit()


jobs.each_night["showcase.batches"] = _ask_to_release
jobs.each_night["showcase.pool"] = _complete_the_pool


@employer_verified.connect
def _employer_may_recruit(employer: Employer) -> None:
    cards.lay_out_opened(Vacancy.employer_id == employer.id)


__all__ = ["company_hooks", "passing_on_hooks"]

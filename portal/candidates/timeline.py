"""The journal of one case, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import LABELS
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.lists import Page, page
from portal.foundation.options import label
from portal.foundation.words import _, date_medium, lazy, moment
from portal.journal.models import Entry

PAPER_CHANGED = "precondition.changed"
SENTENCES: dict[str, Any] = {
    PAPER_CHANGED: lazy("What must be in order changed"),
    "referral.sent": lazy("Referred"), "referral.received": lazy("The partner's answer came in"),
    "referral.info_needed": lazy("A question went back to the partner"), "referral.accepted": lazy("Taken on"),
    "referral.declined": lazy("Not taken on"), "referral.closed": lazy("Referral closed"),
    "referral.screening_planned": lazy("Screening planned"), "referral.no_show": lazy("The screening did not take place"),
    "referral.screened": lazy("Screened"), "screening.moved": lazy("Screening moved"), "screening.called_off": lazy("Screening called off: no sit-day then"),
    "screening.sheet_printed": lazy("Form printed for a sit-day"), "screening.done": lazy("Screening written up"),
    "handover.proposed": lazy("A colleague was asked to take the case over"), "handover.accepted": lazy("A colleague took the case over"),
    "handover.declined": lazy("A colleague could not take the case over"), "handover.withdrawn": lazy("The question to a colleague was taken back"),
    "break_glass.opened": lazy("Opened with a reason"), "break_glass.closed": lazy("Closed again before its time"),
    "break_glass.discussed": lazy("The opening was talked about"), "case.read_through_glass": lazy("Case read after opening it with a reason"),
    "case.looked_up": lazy("A colleague asked whose case this is"),
    "candidate.allocated": lazy("Given to a worker"), "candidate.joined": lazy("Joined with a new referral of the same person"),
    "development.posted": lazy("A partner posted news"), "development.handled": lazy("News of a partner handled"),
    "candidate.moved": lazy("Is met at another place"), "job_part.read": lazy("Skills and wishes read by a partner"),
    "plan.written": lazy("Plan written"), "plan.agreed": lazy("Plan agreed"), "contact.logged": lazy("Contact written down"),
    "consent.asked": lazy("Agreement asked by link"), "consent.refused": lazy("Said no to an agreement"),
    "consent.scan_read": lazy("Signed paper opened"), "consent.given": lazy("Agreement recorded"), "consent.withdrawn": lazy("Agreement withdrawn"),
    "identity.changed": lazy("Identity changed"), "identity.read": lazy("Dossier opened"), "identity.name_read": lazy("Name read in a list"),
    "identity.compared": lazy("Text checked against the identity"), "identity.revealed": lazy("Identity shown to a company"),
    "preconditions.changed": lazy("Preconditions changed"), "constraints.changed": lazy("Work constraints changed"), "constraints.read": lazy("Work constraints read"), "trajectory.begun": lazy("Trajectory begun"),
    "trajectory.screened": lazy("Trajectory: screened"), "trajectory.profile_ready": lazy("Trajectory: profile ready"),
    "trajectory.searching": lazy("Trajectory: searching"), "trajectory.interviewing": lazy("Trajectory: interviewing"),
    "trajectory.starting": lazy("Trajectory: start prepared"), "trajectory.in_aftercare": lazy("Trajectory: in aftercare"),
    "trajectory.completed": lazy("Trajectory completed"), "trajectory.closed": lazy("Trajectory closed"),
    "trajectory.paused": lazy("Trajectory paused"), "trajectory.resumed": lazy("Trajectory goes on"),
    "milestone.paused": lazy("Milestone paused"), "milestone.resumed": lazy("Milestone goes on"),
    "milestone.deviated": lazy("Deviation of a milestone written down"), "milestone.returned": lazy("Milestone back to the flow"),
    "trajectory.reviewed": lazy("Looked back on the trajectory"), "plan.step_done": lazy("Step of the plan done"),
    "plan.step_reopened": lazy("Step of the plan open again"), "plan.step_moved": lazy("Step of the plan moved"),
    "milestone.reached": lazy("Milestone reached"), "profile.redaction_check": lazy("Profile under check"),
    "profile.candidate_approval": lazy("Profile waits for the person's approval"), "profile.approved": lazy("Profile approved"),
    "profile.published": lazy("Profile published"), "profile.withdrawn": lazy("Profile withdrawn"), "profile.draft": lazy("Profile in draft"),
    "interest.accepted": lazy("The person said yes to a company"), "interest.declined": lazy("The person said no to a company"),
    "interview.confirmed": lazy("Interview confirmed"), "interview.held": lazy("Interview held"),
    "interview.cancelled": lazy("Interview cancelled"), "interview.awaiting_permission": lazy("Interview waits for a permission"),
    "interview.needs_worker": lazy("Interview needs a companion"), "permission.requested": lazy("Permission requested"),
    "permission.granted": lazy("Permission granted"), "permission.refused": lazy("Permission refused"),
    "permission.revoked": lazy("Permission revoked"), "decision.offer": lazy("The company makes an offer"),
    "decision.accepted": lazy("The person accepted"), "decision.declined": lazy("The person declined"),
    "decision.rejected": lazy("The company said no"), "placement.started": lazy("Started at work"),
    "profile.archived": lazy("Profile archived"),
    "profile.written": lazy("Profile written"),
    "profile.read": lazy("Profile read"),
    "profile.printed": lazy("Profile printed"),
    "profile.scan_read": lazy("Signed paper opened"),
    "profile.opened": lazy("Profile opened by a company"),
    "profile.put_aside": lazy("A company does not go on with the profile"),
    "finding.kept": lazy("Words kept after the check"),
    "profile.link_handed": lazy("Link to the profile handed over"),
    "question.asked": lazy("A company asked about the profile"),
    "question.answered": lazy("A company's question answered"),
    "question.declined": lazy("A company's question declined"),
    "person.kept_from": lazy("Not shown to a company from now on"),
    "person.no_longer_kept_from": lazy("May be shown to a company again"),
    "list.added": lazy("Put on the list of a vacancy"),
    "list.removed": lazy("Taken off the list of a vacancy"),
    "list.left_to_the_musts": lazy("A choice for a list taken back"),
    "interest.expressed": lazy("A company is interested"),
    "interest.proposed": lazy("Proposed to a company"),
    "interest.employer_agreed": lazy("The company wants to meet"),
    "interest.candidate_agreed": lazy("The person wants to meet the company"),
    "interest.no_told": lazy("The person heard that the company does not go on"),
    "approach.planned": lazy("A call to a company planned"),
    "approach.dropped": lazy("A call to a company dropped"),
    "approach.call_noted": lazy("A call with a company noted"),
    "approach.called": lazy("A company was called"),
    "approach.interested": lazy("A company is interested on the phone"),
    "approach.not_now": lazy("A company says: not now"),
    "approach.no": lazy("A company says no on the phone"),
    "approach.vacancy_wanted": lazy("A vacancy is written with the company"),
    "approach.became_interest": lazy("A call became an interest"),
    "peer_words.asked": lazy("A company was asked whether its words may be shown"),
    "peer_words.agreed": lazy("A company agreed that its words are shown"),
    "peer_words.refused": lazy("A company does not want its words shown"),
    "peer_words.withdrawn": lazy("A company took back its words"),
    "interest.interview": lazy("An interview is being planned"),
    "interest.lapsed": lazy("The interest of a company lapsed"),
    "interview.requested": lazy("Interview asked for"),
    "interview.moved": lazy("Interview moved"),
    "interview.companion_changed": lazy("Somebody else goes along"),
    "interview.identity_opened": lazy("Name shown to the company, as agreed"),
    "candidate.informed": lazy("Informed about the interview"),
    "presence.recorded": lazy("Who was there was noted"),
    "permission.to_request": lazy("A permission is needed"),
    "permission.letter_printed": lazy("Letter for the file printed"),
    "permission.not_needed": lazy("No permission is needed"),
    "scorecard.given": lazy("The company gave its scores"),
    "decision.pending": lazy("The company still decides"),
    "decision.second_talk": lazy("The company asks a second interview"),
    "decision.trial": lazy("The company proposes a trial"),
    "decision.told": lazy("The person heard the decision"),
    "decision.trying": lazy("The person agreed to the trial"),
    "proposal.preferred": lazy("The company said when it would like to meet"),
    "proposal.suits": lazy("The moment suits the company"),
    "proposal.settled": lazy("A moment of the company was chosen"),
    "proposal.replaced": lazy("A newer question took the place of this one"),
    "proposal.expired": lazy("The company did not say in time when it can meet"),
    "scorecard.asked": lazy("The company asks a colleague for scores"),
    "scorecard.taken_back": lazy("A colleague of the company was asked by mistake"),
    "next_step.agreed": lazy("The next step after a no was agreed"),
    "offer.stands_longer": lazy("The offer of a company stands longer"),
    "framing.agreed": lazy("Agreed what the company may hear about the situation"),
    "framing.read": lazy("The company read what it may hear about the situation"),
    "framing.withdrawn": lazy("The company no longer reads about the situation"),
    "placement.preparing": lazy("A start is being prepared"),
    "placement.kept": lazy("Start details kept"),
    "placement.start_corrected": lazy("The first day was corrected"), "placement.papers": lazy("Papers brought up to date at work"),
    "placement.employer_called": lazy("The company was called after the job"),
    "placement.fell_through": lazy("The start did not go on"),
    "placement.ongoing": lazy("At work"),
    "placement.sustained_13": lazy("13 weeks at work"),
    "placement.sustained_26": lazy("26 weeks at work"),
    "placement.ended": lazy("The job ended"),
    "aftercare.planned": lazy("Aftercare laid out"), "aftercare.read": lazy("Aftercare read"),
    "check_in.planned": lazy("Aftercare moment planned"),
    "check_in.due": lazy("Aftercare moment asked for"),
    "check_in.done": lazy("Aftercare moment done"),
    "check_in.overdue": lazy("Aftercare moment late"),
    "check_in.skipped": lazy("Aftercare moment skipped"),
    "check_in.moved": lazy("Aftercare moment moved"),
    "check_in.handed_over": lazy("Aftercare form handed over"),
    "check_in.added": lazy("Aftercare contact added"), "check_in.draft": lazy("Aftercare form kept as a draft"),
    "check_in.call_instead": lazy("Aftercare goes on by phone: the job ended"),
    "check_in.talk": lazy("Aftercare talk noted"),
    "alert.open": lazy("An alert was raised"),
    "alert.resolved": lazy("An alert was closed"),
    "trajectory.imported": lazy("Trajectory taken over from an earlier list"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the timeline component."""

    when: str
    title: str
    text: str
    kind: str


def entries_of(candidate_id: int) -> Page[Entry]:
    """A page of the case's journal, the latest first."""
    return page(sa.select(Entry).where(Entry.about == candidate_id), Entry.id, newest_first=True)


def lines(entries: Sequence[Entry]) -> list[Line]:
    """The entries in words, with who did it; one query for all the people."""
    ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    found = db.session.execute(sa.select(Person.id, Person.first_name, Person.last_name).where(Person.id.in_(ids)))
    names = {number: f"{first} {last}" for number, first, last in found}
    return [_line(list(group), names) for _key, group in groupby(entries, _together)]


def _together(entry: Entry) -> object:
    """Somebody's same reading, time after time on one day, is one line; a change always stands alone."""
    return (entry.action, entry.actor_id, clock.local(entry.created_at).date()) if entry.seen else entry.id


def _line(group: list[Entry], names: dict[int, str]) -> Line:
    entry, times = group[0], len(group)
    who = names.get(entry.actor_id or 0) or _("the portal")
    role = str(LABELS.get(entry.role, ""))
    text = f"{who}, {role}" if role else who
    what = _paper_changed(entry) or sentence(entry.action)
    title = what if times == 1 else _("%(what)s, %(times)s times", what=what, times=times)
    return Line(moment(entry.created_at), title, text, "" if entry.seen else "good")


def changes_of(candidate_id: int) -> Sequence[Entry]:
    """How what must be in order changed, the latest first."""
    changed = sa.select(Entry).where(Entry.about == candidate_id, Entry.action == PAPER_CHANGED)
    return db.session.scalars(changed.order_by(Entry.id.desc()).limit(30)).all()


def _paper_changed(entry: Entry) -> str:
    """A light that changed says so: what, from which to which, and a new date of a paper."""
    told = entry.details or {}
    if entry.action != PAPER_CHANGED:
        return ""
    what, was, now = (str(told.get(name, "")) for name in ("kind", "was", "now"))
    light = label("candidates", "traffic_light", now)
    if was != now:
        light = _("%(was)s → %(now)s", was=label("candidates", "traffic_light", was), now=light)
    until = told.get("until")
    valid = _("valid until %(day)s", day=date_medium(date.fromisoformat(str(until)))) if until else ""
    return ", ".join(part for part in (f"{label('candidates', 'preconditions', what)}: {light}", valid) if part)


def sentence(action: str) -> str:
    """What an action is called; one that this list lacks is shown as its code, made readable."""
    known = SENTENCES.get(action)
    return str(known) if known is not None else action.replace("_", " ").replace(".", ": ").capitalize()

"""The two papers of an interview, in words: the letter for the file of a permission, and the sheet that the candidate takes
along. A page for the printer and a PDF lay out the same words; whoever writes them speaks the reader's language first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from portal.agenda.windows import Span
from portal.candidates.identities import Name
from portal.foundation import clock, documents
from portal.foundation.options import labels
from portal.foundation.words import _, _n, date_long, language, moment, time_short
from portal.interviews import letters
from portal.interviews.models import Interview
from portal.interviews.outcome_models import FramingKind
from portal.interviews.states import Mode, PermissionState
from portal.programmes.models import Site

# In which the offices work that read the letter for the file (docs/data.md, sites).
HOUSES_SPEAK = ("nl", "fr")


@dataclass(frozen=True)
class Part:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """What stands on it, from top to foot; a part that a paper does not have is empty."""

    title: str
    top: str
    foot: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    day: str = ""
    parts: tuple[Part, ...] = ()
    closing: tuple[str, ...] = ()
    regards: str = ""
    signed: tuple[str, ...] = ()

    def pdf(self, template: str) -> bytes:
        """The same words as a file, in the language being spoken."""
        return documents.pdf(template, asdict(self), language=language(), title=self.title)


def tongue_for_file(house: Site | None, wished: str) -> str:
    """The language of the letter: the one that was chosen, else the house's own."""
    spoken = [code for code in (house.languages if house is not None else ()) if code in HOUSES_SPEAK]
    return wished if wished in HOUSES_SPEAK else next(iter(spoken), HOUSES_SPEAK[0])


def file_letter(interview: Interview, name: Name, house: Site | None, needed: Span, operator: str) -> Paper:
    """What a house needs to decide about the hours, and nothing about the job or the person beyond that."""
    worker = interview.worker
    return Paper(
        title=_("Invitation to a job interview"), top=operator, foot=operator, day=date_long(clock.today()),
        opening=(
            *((_("For: %(house)s", house=house.label),) if house is not None else ()),
            _("We confirm that %(name)s is invited to an interview for a job. We ask permission to be away for these hours.", name=name.full),
        ),
        facts=(
            (_("Name"), name.full),
            (_("Away from"), moment(needed.start)),
            (_("Back by"), moment(needed.end)),
            (_("Interview"), _span(interview)),
            (_("Company"), letters.company_of(interview)),
            (_("Where"), letters.where(interview)),
            (_("Contact at the company"), interview.contact.name),
            (_("Goes along"), _with_phone(interview)),
        ),
        closing=(
            _("A worker of the programme goes along and stays during the whole interview. The hours count the way there and back."),
            _("Questions? Call %(worker)s, not the company: it does not know where the candidate stays.", worker=worker.name),
        ),
        regards=_("With kind regards,"), signed=tuple(one for one in (worker.name, worker.phone, operator) if one),
    )  # fmt: skip


def preparation(interview: Interview, name: Name, held: Span | None, operator: str) -> Paper:
    """What somebody needs to come: when to leave, how to get there, who comes along, what to bring and what to say.

    It names no place to leave from and no permission: the sheet lies on the company's table too. held: from when to when the
    candidate's time is kept, the way there and back included.
    """
    company, worker = letters.company_of(interview), interview.worker
    return Paper(
        title=_("Your interview at %(company)s", company=company), top=operator,
        foot=" · ".join(one for one in (worker.name, worker.phone) if one),
        opening=(
            _("Hello %(name)s,", name=name.first),
            _("%(company)s would like to get to know you for this job: %(vacancy)s.", company=company, vacancy=interview.vacancy.title),
        ),
        facts=(
            (_("When"), moment(interview.starts_at) if interview.starts_at else ""),
            (_("How long"), _about(interview)),
            (_("Where"), _where(interview)),
            (_("Who you talk with"), interview.contact.name),
            (_("Who comes along"), _with_phone(interview)),
        ),
        parts=(_way(interview, held), _bring(interview), _talk(interview), _afterwards()),
    )  # fmt: skip


def _span(interview: Interview) -> str:
    if interview.starts_at is None or interview.ends_at is None:
        return ""
    return f"{moment(interview.starts_at)} – {time_short(interview.ends_at)}"


def _with_phone(interview: Interview) -> str:
    """Who goes along, with the number to call on the way: the worker's own where a companion gave none."""
    companion = interview.companion
    if companion is None:
        return ""
    return " · ".join(one for one in (companion.name, companion.phone) if one)


def _about(interview: Interview) -> str:
    if interview.starts_at is None or interview.ends_at is None:
        return ""
    minutes = int((interview.ends_at - interview.starts_at) / timedelta(minutes=1))
    return _("about an hour") if minutes == 60 else _length(minutes)


def _length(minutes: int) -> str:
    """45 minutes; 1 hour and 15 minutes."""
    hours, rest = divmod(minutes, 60)
    words = [_n("%(num)s hour", "%(num)s hours", hours)] if hours else []
    words += [_n("%(num)s minute", "%(num)s minutes", rest)] if rest or not hours else []
    return _(" and ").join(words)


def _where(interview: Interview) -> str:
    if interview.mode is Mode.AT_COMPANY:
        return letters.where(interview)
    return _("By video, where you are") if interview.mode is Mode.VIDEO else _("Where you are: you need not travel")


def _way(interview: Interview, held: Span | None) -> Part:
    companion = interview.companion.first_name if interview.companion else ""
    if interview.mode is Mode.VIDEO:
        lines: Sequence[str] = (
            _("You need not travel. You talk with the company by video."),
            _("%(companion)s sits beside you, and brings what is needed for it.", companion=companion),
            _("Talk slowly. Look at the camera, and wait until the other has finished."),
        )
        return Part(_("This is how it goes"), tuple(lines))
    if interview.mode is Mode.INSIDE:
        lines = (
            _("You need not travel. The company comes to you."),
            _("%(companion)s tells you in which room it is, and is there from the beginning.", companion=companion),
        )
        return Part(_("This is how it goes"), tuple(lines))
    return Part(_("Your way there"), tuple(_road(interview, held, companion)))


def _road(interview: Interview, held: Span | None, companion: str) -> list[str]:
    """From where somebody is to the workplace, as long as the agenda counts for it."""
    lines = []
    if held is not None and interview.starts_at is not None:
        minutes = int((interview.starts_at - held.start) / timedelta(minutes=1))
        leave = time_short(held.start)
        lines.append(
            _("Leave at %(time)s at the latest. The way takes about %(length)s.", time=leave, length=_length(minutes))
        )
    lines.append(
        _("You go to %(company)s: %(place)s.", company=letters.company_of(interview), place=letters.where(interview))
    )
    if interview.workplace.public_transport:
        lines.append(_("With bus, tram or train: %(route)s", route=interview.workplace.public_transport))
    lines.append(_("%(companion)s goes there with you, and back. Ask beforehand where you meet.", companion=companion))
    if held is not None:
        lines.append(_("Be back at %(time)s at the latest.", time=time_short(held.end)))
    lines.append(_("Something goes wrong on the way? Call %(companion)s.", companion=_whom_to_call(interview)))
    return lines  # fmt: skip


def _whom_to_call(interview: Interview) -> str:
    companion, worker = interview.companion, interview.worker
    who = companion if companion is not None and (companion.phone or not worker.phone) else worker
    return f"{who.first_name} ({who.phone})" if who.phone else who.first_name


def _bring(interview: Interview) -> Part:
    out = interview.mode is Mode.AT_COMPANY
    papers = out and interview.permission.state is PermissionState.GRANTED
    return Part(
        _("Bring along"),
        (
            *((_("Your identity card, or the paper that you have instead."),) if out else ()),
            *((_("The papers that you got for this day."),) if papers else ()),
            _("Your CV, diplomas or certificates, if you have them."),
            _("This sheet. Write your questions on it."),
            _("Put on clean clothes in which you feel good."),
        ),
    )


def _talk(interview: Interview) -> Part:
    return Part(
        _("What you say, and what you need not say"),
        (
            _("Tell what you can do. Give an example of work that went well."),
            _("You may ask questions: about the hours, the work, the team, the pay."),
            *_told(interview),
            _(
                "You need not talk about your past. A question that you do not want to answer, you may leave unanswered."
            ),
            _("You may say: “I would rather talk about the work.”"),
        ),
    )


def _told(interview: Interview) -> Iterator[str]:
    """What the company hears of us, as it was agreed; what was only typed while planning, or was taken back, it does not."""
    agreed = interview.framed
    if agreed is None or not agreed.stands or agreed.kind is FramingKind.NOTHING:
        yield _("The company hears nothing about your past from us.")
        return
    if agreed.topics:
        topics = "; ".join(one[:1].lower() + one[1:] for one in labels("interviews", "framing_topics", agreed.topics))
        yield _("We may tell the company only this, as you agreed: %(topics)s.", topics=topics)
    words = " ".join((agreed.words or "").split())
    if words and agreed.kind is FramingKind.OWN_WORDS:
        yield _("The company reads these words of yours: “%(words)s”", words=words)
    elif words:
        yield _("The company reads: “%(words)s”", words=words)


def _afterwards() -> Part:
    return Part(
        _("Afterwards"),
        (_("Afterwards you hear the answer within a week, with the reason."), _("You choose too: you may say no.")),
    )

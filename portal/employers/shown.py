"""How companies and vacancies read on a page: states as tags, coded values as words."""

from typing import Any

from portal.accounts.roles import Role
from portal.competences.models import Occupation
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.options import label, labels
from portal.foundation.words import _, _n, date_medium, lazy, time_short
from portal.organisations import numbers, register_lookup
from portal.organisations.models import Workplace

Facts = list[tuple[str, Any]]

# (words, kind of tag)
STATES: dict[str, tuple[Any, str]] = {
    EmployerState.LEAD: (lazy("not signed up yet"), ""),
    EmployerState.REGISTERED: (lazy("waits for a call"), "wait"),
    EmployerState.VERIFIED: (lazy("verified"), "teal"),
    EmployerState.ACTIVE: (lazy("active"), "good"),
    EmployerState.DORMANT: (lazy("quiet for a while"), ""),
    EmployerState.BLOCKED: (lazy("blocked"), "bad"),
}
VACANCY_STATES: dict[str, tuple[Any, str]] = {
    VacancyState.DRAFT: (lazy("draft"), "wait"),
    VacancyState.OPEN: (lazy("open"), "good"),
    VacancyState.ON_HOLD: (lazy("on hold"), ""),
    VacancyState.FILLED: (lazy("filled"), "teal"),
    VacancyState.EXPIRED: (lazy("expired"), ""),
    VacancyState.CLOSED: (lazy("closed"), ""),
}
TEAM_ROLES: dict[str, Any] = {
    Role.EMPLOYER_CONTACT: lazy("reads profiles, comes to interviews"),
    Role.EMPLOYER_ADMIN: lazy("writes vacancies, looks after the team"),
}


def place(site: Workplace) -> str:
    return f"{site.name}, {site.street}, {site.postcode} {site.municipality}"


def company_facts(employer: Employer) -> Facts:
    worker = employer.worker
    return [
        (_("CBE number"), numbers.shown(employer.organisation.number)),
        (_("Sector"), label("employers", "sectors", employer.section)),
        (_("Size"), label("employers", "sizes", employer.size)),
        (_("Shifts"), ", ".join(labels("employers", "shifts", employer.shifts))),
        (_("Forms of employment"), ", ".join(labels("candidates", "employment_forms", employer.forms_offered))),
        (_("Wonders about"), " ".join(labels("employers", "concerns", employer.concerns))),
        (_("Project worker"), worker.name if worker is not None else None),
    ]


def blocked_because(employer: Employer) -> str:
    return label("employers", "block_reasons", employer.blocked_because) if employer.blocked_because else "–"


def registered(employer: Employer) -> Facts:
    """What the public register says of it, beside what was typed; nothing where it is not loaded or does not know it."""
    found = register_lookup.find(employer.organisation.number or "")
    if found is None:
        return []
    stopping = _("It is not in its normal situation: dissolved, bankrupt or stopping.")
    return [
        (_("Name"), found.name),
        (_("Seat"), f"{found.street}, {found.postcode} {found.municipality}" if found.street else None),
        (_("Sector"), label("employers", "sectors", found.section) if found.section else None),
        *([(_("Attention"), stopping)] if found.stopping else []),
    ]


def reach_facts(employer: Employer) -> Facts:
    """How much and how a company wants to hear of us."""
    most = employer.monthly_profiles
    way = employer.contact_way
    return [
        (_("New profiles a month"), _("At most %(number)s", number=most) if most else _("As many as there are")),
        (_("Likes to hear by"), label("employers", "contact_channels", way) if way else _("No preference")),
    ]


def vacancy_facts(vacancy: Vacancy) -> Facts:
    return [*_work(vacancy), *_asked(vacancy), *_interview(vacancy)]


def _work(vacancy: Vacancy) -> Facts:
    hours = _(
        "%(hours)s hours a week, from %(start)s to %(end)s",
        hours=vacancy.hours_week, start=time_short(vacancy.hours_from), end=time_short(vacancy.hours_until),
    )  # fmt: skip
    return [
        (_("Kind of job"), vacancy.occupation.label),
        (_("How many people?"), vacancy.number),
        (_("Where?"), place(vacancy.workplace)),
        (_("Public transport nearby"), vacancy.workplace.public_transport),
        (_("Hours"), hours),
        (_("Shift"), label("employers", "shifts", vacancy.shift)),
        (_("Flexible hours"), _("a little") if vacancy.flexible else _("fixed")),
        (_("Starts on"), date_medium(vacancy.starts_on) if vacancy.starts_on else _("as soon as we find somebody")),
        (_("Forms of employment"), ", ".join(labels("candidates", "employment_forms", vacancy.forms))),
    ]


def _asked(vacancy: Vacancy) -> Facts:
    spoken = [
        f"{label('candidates', 'languages', code)}: {label('candidates', 'language_levels', str(level)).lower()}"
        for code, level in vacancy.languages.items()
        if level != "not_needed"
    ]
    licence = _("Not needed") if vacancy.licence == "none" else label("candidates", "licences", vacancy.licence)
    return [
        (_("Languages"), "; ".join(spoken) or _("Not needed")),
        (_("Driving licence"), licence),
        (_("Physical load"), label("employers", "physical_load", vacancy.physical_load)),
        (_("Extract required by law"), vacancy.extract_basis if vacancy.extract_required else _("no")),
    ]


def _interview(vacancy: Vacancy) -> Facts:
    ways = [
        _("at the company"),
        *([_("at the candidate's place")] if vacancy.interview_inside else []),
        *([_("by video")] if vacancy.interview_video else []),
    ]
    return [
        (_("Interview"), ", ".join(ways)),
        (_("Notice of a schedule change"), _n("%(num)s day", "%(num)s days", vacancy.notice_days)),
        (_("Answers for it"), vacancy.contact.name),
        (_("On the public page"), label("employers", "public_ways", vacancy.public or "no")),
    ]


def work_facts(vacancy: Vacancy) -> Facts:
    """The work without its place: what a page for everybody says."""
    return [one for one in _work(vacancy) if one[0] not in (_("Where?"), _("Public transport nearby"))]


def asked_facts(vacancy: Vacancy) -> Facts:
    return [one for one in _asked(vacancy) if one[0] != _("Extract required by law")]


def fresh(occupation: Occupation) -> dict[str, Any]:
    """What a new vacancy begins with: the usual answers, so that most fields only need a look."""
    return {
        "title": occupation.label, "number": 1, "hours_week": 38, "shift": "day", "licence": "none", "extract": "no",
        "public": "no", "physical_load": "medium", "notice_days": "7", "language_nl": "simple_instructions",
        "language_fr": "not_needed", "language_en": "not_needed",
    }  # fmt: skip


def as_typed(vacancy: Vacancy) -> dict[str, Any]:
    """A draft as its form shows it."""
    same = (
        "title", "tasks", "number", "hours_week", "hours_from", "hours_until", "shift", "starts_on", "forms", "licence",
        "physical_load", "flexible", "interview_inside", "interview_video", "extract_basis",
    )  # fmt: skip
    return {
        **{name: getattr(vacancy, name) for name in same},
        **{f"language_{code}": vacancy.languages.get(code, "not_needed") for code in ("nl", "fr", "en")},
        "workplace": vacancy.workplace.key,
        "notice_days": str(vacancy.notice_days),
        "extract": "yes" if vacancy.extract_required else "no",
        "public": vacancy.public or "no",
        "must": [one.competence.code for one in vacancy.competences if one.must],
        "learnable": [one.competence.code for one in vacancy.competences if not one.must],
    }

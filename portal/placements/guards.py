"""What should be in order before somebody starts. Each guard that is missing warns and says what to do; it stops the start
only where the programme's own template says so (`start_blockers`).

The rules come from practice (product.md, Start): registering with VDAB before the start keeps the right to guidance and
premiums, an internship needs an accident insurance, and a schedule needs a yes where somebody else approves it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Purpose
from portal.foundation.words import lazy
from portal.placements.models import Placement
from portal.programmes import employment
from portal.programmes.employment import Asks
from portal.programmes.models import TemplateKind

AFTERCARE_DAYS = 182
# A programme whose template is older than this list stops at what the law forbids.
DEFAULT_BLOCKERS = ("right_to_work_start",)


@dataclass(frozen=True)
class Guard:
    """One thing that is not arranged yet, and what helps."""

    code: str
    title: Any
    todo: Any


GUARDS = {
    guard.code: guard
    for guard in (
        Guard(
            "vdab",
            lazy("Not registered with VDAB yet"),
            lazy("Register the person before the first day. After it the premium is lost."),
        ),
        Guard(
            "vdab_late",
            lazy("Registered with VDAB after the start"),
            lazy("Call VDAB and ask what still counts. The premium may be lost. Or look whether both dates are right."),
        ),
        Guard("premium", lazy("Premiums not checked"), lazy("Look with the company which premium fits this start.")),
        Guard(
            "insurance",
            lazy("No insurance for this form of work"),
            lazy("Ask for the certificate of the accident insurance and keep it in the file."),
        ),
        Guard(
            "schedule",
            lazy("The schedule is not approved yet"),
            lazy("Send the hours to the house of justice or the service that decides, and note the date of the yes."),
        ),
        Guard(
            "right_to_work",
            lazy("The right to work is not on record"),
            lazy("Look at the residence paper or the orange card and note until when it is valid."),
        ),
        Guard(
            "right_to_work_start",
            lazy("The right to work ends before the first day"),
            lazy("Move the start, or ask for the extension first and note the new date."),
        ),
        Guard(
            "right_to_work_ends",
            lazy("The right to work ends within 26 weeks of the start"),
            lazy("Ask for the extension in time, two months before it ends."),
        ),
        Guard(
            "contract_end", lazy("No end date"), lazy("This form of work ends on a date. Ask the company which one.")
        ),
        Guard("supervisor", lazy("No supervisor named"), lazy("Ask who gives the work and the explanation on day 1.")),
        Guard("buddy", lazy("No buddy named"), lazy("Ask the company for a colleague who shows the way.")),
        Guard("transport", lazy("No transport for day 1"), lazy("Agree how the person gets there, and when.")),
        Guard("workwear", lazy("Workwear is not ready"), lazy("Ask for sizes and who pays for shoes and clothes.")),
        Guard(
            "aftercare_consent",
            lazy("No consent for aftercare"),
            lazy("Explain the 26 weeks and ask for a yes, on paper or aloud."),
        ),
    )
}


def missing(placement: Placement, *, asks: Asks, schedule_needs_yes: bool, consent: bool) -> list[Guard]:
    """The guards that still warn, in the order in which they are best arranged. `asks`: what the form of employment asks."""
    registered = placement.vdab_registered_on
    absent = {
        "vdab": asks.vdab_first and registered is None,
        "vdab_late": asks.vdab_first and registered is not None and registered > placement.starts_on,
        "premium": not placement.premium_checked,
        "insurance": asks.insurance and not placement.insured,
        "schedule": schedule_needs_yes and placement.schedule_approved_on is None,
        "right_to_work": asks.right_to_work and placement.right_to_work_until is None,
        "right_to_work_start": ends_before_start(placement),
        "right_to_work_ends": _ends_within(placement.right_to_work_until, placement.starts_on)
        and not ends_before_start(placement),
        "contract_end": asks.dated and placement.contract_ends_on is None,
        "supervisor": not placement.supervisor,
        "buddy": not placement.buddy,
        "transport": not placement.transport_first_day,
        "workwear": not placement.workwear_ready,
        "aftercare_consent": not consent,
    }
    return [GUARDS[code] for code, yes in absent.items() if yes]


def _ends_within(until: date | None, start: date) -> bool:
    return until is not None and until < start + timedelta(days=AFTERCARE_DAYS)


def ends_before_start(placement: Placement) -> bool:
    return placement.right_to_work_until is not None and placement.right_to_work_until < placement.starts_on


def of(placement: Placement) -> list[Guard]:
    """The same for a placement as it stands, with what its case says."""
    case = handle(placement.candidate_id)
    needs_yes = case.permission_needed or placement.justice_assistant_id is not None
    agreed = consents.standing(placement.candidate_id, Purpose.AFTERCARE) is not None
    asks = employment.asks(case.programme_id, placement.form)
    return missing(placement, asks=asks, schedule_needs_yes=needs_yes, consent=agreed)


def blockers(programme_id: int) -> tuple[str, ...]:
    """The codes of the guards without which this programme records no start."""
    template = employment.beside(programme_id, TemplateKind.AFTERCARE_PLAN)
    return tuple(template.get("start_blockers", DEFAULT_BLOCKERS))


# Which field of the start form says that a guard's thing is arranged.
FIELD_OF = {
    "vdab": "vdab_registered_on", "vdab_late": "vdab_registered_on", "premium": "premium_checked", "insurance": "insured",
    "schedule": "schedule_approved_on", "right_to_work": "right_to_work_until",
    "right_to_work_start": "right_to_work_until", "right_to_work_ends": "right_to_work_until",
    "contract_end": "contract_ends_on", "transport": "transport_first_day", "workwear": "workwear_ready",
    "aftercare_consent": "aftercare_consent",
}  # fmt: skip

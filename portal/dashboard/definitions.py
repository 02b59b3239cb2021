"""What each figure is called and how it is counted (product.md, Figures): the same words on the page, in the sheet and in the report."""

from typing import Any

from portal.aftercare.models import Voice
from portal.dashboard import figures
from portal.foundation.words import lazy

FIGURES: dict[str, Any] = {
    "trajectories": lazy("Trajectories"),
    "activation": lazy("Activation"),
    "accompaniment": lazy("Accompanied interviews"),
    "aftercare": lazy("Aftercare on time"),
    "lasting": lazy("Work that lasts"),
    "weeks_13": lazy("In work after 13 weeks"),
    "weeks_26": lazy("In work after 26 weeks"),
    "speed": lazy("Speed"),
    "forms": lazy("Starts by form of work"),
    "cohort": lazy("Cohort"),
    "refusals": lazy("Why it was no"),
}
DEFINITIONS: dict[str, Any] = {
    "trajectories": lazy("A trajectory is a distinct person with a screening done and a plan agreed, dated at the screening. The same person counts again only twelve months after the last time. Expected by today: the target of a year × days elapsed / 365."),
    "activation": lazy("Activation: persons of this period's trajectories with at least one start since their screening, divided by the trajectories. Strict counts paid contracts; broad counts every form, also internships and training at work."),
    "accompaniment": lazy("Interviews held with the companion noted as present, divided by the interviews held in this period."),
    "aftercare": lazy("Check-ins done within 3 working days of their date, divided by those due, per party. One that still has its 3 days does not count yet; one that was skipped with a reason does not count."),
    "weeks_13": lazy("In work, at any employer, 91 or 182 days after the start, with gaps of at most 14 days; divided by the starts of this period that are old enough. A start of which nobody was heard from 14 days before that day on is unknown: it counts as not sustained and is shown apart."),
    "speed": lazy("The median of the days between two dates, over the persons of this period's trajectories who have both. Waiting for a permission (from the request to the answer) is shown apart and is part of the step in which it falls."),
    "forms": lazy("Starts whose first day lies in this period, until today, by the form of employment of the start. A person who started twice is two starts. A start that fell through is none."),
    "cohort": lazy("Everybody who was referred in this period, once, by the month of the first referral, and how far each came since. Whoever reached a stage reached every stage before it. In work after 13 or 26 weeks: at any employer, as with work that lasts; whoever is not that far yet is not counted there."),
    "refusals": lazy("The reasons that were given with a no, of the profiles opened in this period: by a company on a profile, on an interest or after an interview, and by a candidate. One no may have several reasons."),
}  # fmt: skip
DEFINITIONS["weeks_26"] = DEFINITIONS["lasting"] = DEFINITIONS["weeks_13"]

VOICES: dict[str, Any] = {
    Voice.EMPLOYEE.value: lazy("Employee"),
    Voice.EMPLOYER.value: lazy("Employer"),
    Voice.JUSTICE_ASSISTANT.value: lazy("Justice assistant"),
}
LEGS: dict[str, Any] = {
    "screening": lazy("From referral to screening"),
    "profile": lazy("From screening to approved profile"),
    "interview": lazy("From approved profile to first interview"),
    "start": lazy("From first interview to first start"),
    "permission": lazy("Waiting for a permission, apart"),
}
OUTCOMES: dict[str, Any] = {
    figures.SUSTAINED: lazy("in work"),
    figures.LOST: lazy("not in work"),
    figures.UNKNOWN: lazy("unknown"),
}
STAGES: dict[str, Any] = {
    "referred": lazy("Referred"),
    "accepted": lazy("Accepted"),
    "screened": lazy("Screened"),
    "profile": lazy("Profile approved"),
    "interview": lazy("First interview"),
    "start": lazy("First start"),
    "weeks_13": lazy("13 weeks"),
    "weeks_26": lazy("26 weeks"),
}
SIDES: dict[str, Any] = {"employer_no": lazy("The company"), "candidate_no": lazy("The candidate")}
# Of a closed month: what each number is, of whom, and why it would be another one now.
SUBJECTS: dict[str, Any] = VOICES
PARTS: dict[str, Any] = {
    "number": lazy("Trajectories"),
    "strict": lazy("Strict: paid contract"),
    "broad": lazy("Broad: every form"),
    "held": lazy("Interviews held"),
    "there": lazy("With a worker there"),
    "due": lazy("due"),
    "on_time": lazy("on time"),
    "starts": lazy("Starts old enough"),
    "sustained": lazy("In work"),
    "unknown": lazy("Unknown"),
    **LEGS,
    **{f"reached_{stage}": word for stage, word in STAGES.items()},
}
CAUSES: dict[str, Any] = {
    "correction": lazy("corrected afterwards"),
    "erasure": lazy("erased"),
    "late_entry": lazy("came in late"),
}

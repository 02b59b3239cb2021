"""Invented values for the page that shows every component live; no room of the domain is known here.

The shapes are the ones that the macros in templates/components ask for, so a view that copies a class of this file cannot miss.
"""

from dataclasses import dataclass

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, Optional


@dataclass(frozen=True)
class Step:
    """One step of a path; state is done, now, next or stopped."""

    label: str
    detail: str
    state: str


@dataclass(frozen=True)
class Entry:
    """One line of a timeline; kind is empty, good, wait or bad."""

    when: str
    title: str
    text: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Mark:
    """One moment of one voice, in weeks since the start; state is done, due, overdue, alert, planned or skipped."""

    week: float
    state: str
    label: str


@dataclass(frozen=True)
class Lane:
    """One voice in the 26 weeks."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Slot:
    """One moment that can be chosen."""

    value: str
    time: str
    who: str
    checked: bool = False


@dataclass(frozen=True)
class Day:
    """One column of the slot picker: what can be chosen, and in words what cannot."""

    weekday: str
    date_label: str
    slots: tuple[Slot, ...] = ()
    off: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait:
    """One thing that waits for somebody."""

    when_label: str
    late: bool
    title: str
    why: str
    url: str
    action_label: str


class SampleForm(Form):
    """One field of every kind."""

    text = StringField("Name of your company", [DataRequired("Fill in the name of your company.")])
    email = EmailField(
        "Your e-mail address at work",
        [DataRequired("Fill in an e-mail address."), Email("This is not an e-mail address yet.")],
        description="We send one letter to confirm it.",
        render_kw={"autocomplete": "email"},
    )
    date = DateField("First day", [Optional()])
    textarea = TextAreaField("What should we know?", [Optional()])
    choice = SelectField(
        "Size",
        choices=[SelectChoice("", "Choose"), SelectChoice("1", "1 to 9 people"), SelectChoice("2", "10 to 49 people")],
        validate_choice=False,
    )
    radio = RadioField(
        "Can an interview take place at your company?",
        [DataRequired("Choose one answer.")],
        choices=[
            SelectChoice("in", "Yes, at our place"),
            SelectChoice("video", "Yes, by video"),
            SelectChoice("no", "Not now"),
        ],
        validate_choice=False,
    )
    agree = BooleanField("I read what happens with my data", [DataRequired("Tick this before you go on.")])
    many = SelectMultipleField(
        "What worries you?",
        choices=[
            SelectChoice("team", "What do I tell my team?"),
            SelectChoice("transport", "Transport and early hours"),
            SelectChoice("rules", "Rules and papers"),
        ],
        description="May be left empty. You get an honest answer at once.",
        validate_choice=False,
    )
    score = RadioField(
        "Attendance",
        [DataRequired("Choose a score.")],
        choices=[SelectChoice(str(number), str(number)) for number in range(1, 6)],
        validate_choice=False,
    )


def sample_form() -> Form:
    """Half filled in and checked, so that the page shows fields that are right beside fields that are wrong."""
    form = SampleForm(
        data={"text": "Groenwerken De Lieve", "email": "an(at)groenwerken", "many": ["transport"], "score": "4"}
    )
    form.validate()
    return form


def sample_data() -> dict[str, object]:
    """What the components other than fields draw."""
    return {
        "steps": _steps(),
        "entries": _entries(),
        "lanes": _lanes(),
        "days": _days(),
        "waits": _waits(),
        "bars": [("Invited", 42), ("Registered", 31), ("Verified", 26), ("Active", 17), ("Start", "<5")],
    }


def _steps() -> list[Step]:
    return [
        Step("Interest", "12/11", "done"),
        Step("Candidate says yes", "17/11", "done"),
        Step("Choose a moment", "now", "now"),
        Step("Permission", "15 working days", "next"),
        Step("Confirmed", "", "next"),
        Step("Interview", "", "next"),
    ]


def _entries() -> list[Entry]:
    return [
        Entry("20/11, 14.10", "An unexplained absence was reported", "Called the same day.", "bad"),
        Entry("17/11, 9.02", "The candidate said yes", kind="good"),
        Entry("12/11, 16.40", "The company showed interest", "For the vacancy of tyre fitter."),
    ]


def _lanes() -> list[Lane]:
    def done(*weeks: float) -> tuple[Mark, ...]:
        return tuple(Mark(week, "done", "call") for week in weeks)

    def planned(*weeks: float) -> tuple[Mark, ...]:
        return tuple(Mark(week, "planned", "form") for week in weeks)

    return [
        Lane(
            "Sofie",
            (
                *done(-0.43, 0.29, 1, 2, 3, 4),
                Mark(6, "skipped", "call"),
                Mark(8, "due", "form"),
                *planned(10, 13, 17, 21, 26),
            ),
        ),
        Lane("Bakkerij Soetaert", (*done(-0.43, 1, 2, 4, 4), Mark(8, "alert", "form"), *planned(13, 19, 26))),
        Lane("House of justice", (*done(-0.43, 2), Mark(8, "overdue", "form"), *planned(13, 26))),
    ]


def _days() -> list[Day]:
    lien, karim = "Lien goes with you", "Karim goes with you"
    return [
        Day("Mon", "14", off=("permission not feasible",)),
        Day(
            "Tue",
            "15",
            (Slot("15-0930", "9.30", lien), Slot("15-1100", "11.00", lien, True)),
            ("after 12: presence day",),
        ),
        Day("Wed", "16", off=("company closed",)),
        Day(
            "Thu",
            "17",
            (Slot("17-0900", "9.00", karim), Slot("17-1100", "11.00", karim), Slot("17-1430", "14.30", lien)),
        ),
        Day(
            "Fri",
            "18",
            (Slot("18-0915", "9.15", lien), Slot("18-1400", "14.00", karim)),
            ("11: nobody free to go with you",),
        ),
    ]


def _waits() -> list[Wait]:
    return [
        Wait(
            "since yesterday",
            True,
            "Week 8 at Bakkerij Soetaert: a score of 2 on attendance",
            "Sofie and her employer see it differently. Call before Tuesday.",
            "#waits",
            "Look and call",
        ),
        Wait(
            "today",
            False,
            "Garage Verlinden is interested in profile K7M-42",
            "For the vacancy of tyre fitter. The candidate decides first.",
            "#waits",
            "Ask the candidate",
        ),
        Wait(
            "before Mon 23/11",
            False,
            "Ask for the exit permit for the interview of 15 December",
            "It takes 15 working days. The invitation is attached.",
            "#waits",
            "Make the request",
        ),
    ]

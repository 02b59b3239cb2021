"""What this room asks. Numbers, places and phones are checked where they are typed, so that the error stands there."""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.employers import vacancy_fields
from portal.employers.answers import (
    CallAnswer,
    CloseAnswer,
    InviteAnswer,
    SignUpAnswer,
    VacancyAnswer,
    WorkplaceAnswer,
)
from portal.employers.facts_forms import OffersFacts
from portal.employers.team_roles import role_field
from portal.employers.vacancy_fields import OffersVacancy
from portal.foundation import fields
from portal.foundation.errors import DomainError
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import _, lazy
from portal.organisations import numbers, phones, places


class _Placed:
    """For forms with a postcode and a municipality: the two must name one place."""

    def validate_postcode(self, field: Field) -> None:
        _checked(lambda: places.of_postcode(field.data or ""))

    def validate_municipality(self, field: Field) -> None:
        postcode: str = self.postcode.data or ""  # type: ignore[attr-defined]
        try:
            field.data = places.checked(postcode, field.data or "")
        except places.UnknownPostcode:
            return  # said at the postcode
        except DomainError as error:
            raise ValidationError(str(error)) from None


class _Numbered:
    """For forms that ask a company's number: it is kept as it is shown."""

    def validate_number(self, field: Field) -> None:
        field.data = numbers.shown(_checked(lambda: numbers.compact(field.data or "")))


def _checked(check: Any) -> Any:
    try:
        return check()
    except DomainError as error:
        raise ValidationError(str(error)) from None


def _postcode() -> Field:
    return fields.text(lazy("Postcode"), max=4, autocomplete="postal-code", render_kw={"inputmode": "numeric"})


def _transport() -> Field:
    return fields.text(
        lazy("Public transport nearby"),
        max=300,
        required=False,
        hint=lazy("Which bus or station, and how long on foot? Is there one for the early shift?"),
    )


class SignUpForm(_Placed, _Numbered, OffersFacts, Form[SignUpAnswer]):
    answers = SignUpAnswer
    number = fields.text(
        lazy("Company number"), max=20, hint=lazy("Ten digits; they stand on every invoice. Such as 0403.170.701.")
    )
    name = fields.text(lazy("Name of your company"), max=160, autocomplete="organization")
    section = fields.select(lazy("Sector"))
    size = fields.select(lazy("How many people work there?"))
    street = fields.text(lazy("Street and number"), max=160, autocomplete="street-address")
    postcode = _postcode()
    municipality = fields.text(lazy("Municipality"), max=80, autocomplete="address-level2")
    public_transport = _transport()
    first_name = fields.text(lazy("First name"), max=80, autocomplete="given-name")
    last_name = fields.text(lazy("Last name"), max=80, autocomplete="family-name")
    email = fields.text(
        lazy("Your e-mail address at work"), kind="email", max=254, autocomplete="email",
        hint=lazy("We send one letter to confirm it."),
    )  # fmt: skip
    phone = fields.text(
        lazy("Phone number"), kind="tel", max=40, autocomplete="tel", hint=lazy("On this number we call you.")
    )
    shifts = fields.several(lazy("When do people work at your place?"), required=True)
    forms_offered = fields.several(
        lazy("What could you offer?"), required=True, hint=lazy("Everything that is possible; you choose per vacancy.")
    )
    concerns = fields.several(
        lazy("What do you wonder about?"),
        hint=lazy("Leave it empty if you like. What you tick gets an honest answer on the next page."),
    )

    def validate_phone(self, field: Field) -> None:
        field.data = _checked(lambda: phones.checked(field.data or ""))


class WorkplaceForm(_Placed, Form[WorkplaceAnswer]):
    answers = WorkplaceAnswer
    site_name = fields.text(lazy("How do you call this site?"), max=160, hint=lazy("Such as: workshop, shop, depot."))
    street = fields.text(lazy("Street and number"), max=160)
    postcode = _postcode()
    municipality = fields.text(lazy("Municipality"), max=80)
    public_transport = _transport()


class InviteForm(Form[InviteAnswer]):
    answers = InviteAnswer
    first_name = fields.text(lazy("First name"), max=80)
    last_name = fields.text(lazy("Last name"), max=80)
    email = fields.text(lazy("E-mail"), kind="email", max=254)
    role = role_field()


class CallForm(Form[CallAnswer]):
    answers = CallAnswer
    note = fields.paragraph(
        lazy("What did you hear?"),
        hint=lazy("Who you spoke to, what the company looks for, what it worries about. Only the team reads this."),
    )
    agency = fields.tick(
        lazy("It is a temporary agency"),
        hint=lazy(
            "It sends people to work at other companies, its clients. Then a person says yes for each client apart."
        ),
    )


class CloseForm(Form[CloseAnswer]):
    answers = CloseAnswer
    reason = fields.one_of(lazy("Why do you close this vacancy?"))
    words = fields.paragraph(
        lazy("Do you want to add something?"),
        max=500,
        required=False,
        rows=3,
        hint=lazy("Only the team reads this. It helps the people who hoped for this job."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.reason, choices("employers", "close_reasons"))


class VacancyForm(OffersVacancy, Form[VacancyAnswer]):
    answers = VacancyAnswer
    title = fields.text(
        lazy("Title"), max=120, hint=lazy("As you would say it to a neighbour: tyre fitter, baker's help.")
    )
    tasks = vacancy_fields.tasks()
    must = vacancy_fields.must()
    learnable = fields.several(lazy("Can learn with you"))
    number = fields.number(lazy("How many people?"), least=1, most=100)
    workplace = fields.select(lazy("Where?"))
    hours_week = fields.number(lazy("Hours a week"), least=1, most=48)
    hours_from = fields.hour(lazy("From"))
    hours_until = fields.hour(lazy("Until"))
    shift = fields.select(lazy("Shift"))
    starts_on = vacancy_fields.starts_on()
    forms = fields.several(lazy("Forms of employment"), required=True)
    language_nl = fields.select(lazy("Dutch"))
    language_fr = fields.select(lazy("French"))
    language_en = fields.select(lazy("English"))
    licence = fields.select(lazy("Driving licence"))
    physical_load = fields.one_of(lazy("Physical load"))
    flexible = fields.tick(lazy("The hours can shift a little, or a morning off for an appointment is possible"))
    interview_inside = fields.tick(lazy("We can come to the candidate"))
    interview_video = fields.tick(lazy("We can talk by video"))
    notice_days = fields.one_of(lazy("How long before must you know that a schedule changes?"))
    extract = fields.one_of(
        lazy("Does a law ask for an extract for this job?"),
        hint=lazy("Only where a law says so. Without a law, nobody asks for one here."),
    )
    extract_basis = fields.text(lazy("Which law?"), max=200, required=False)
    public = vacancy_fields.public()

    def validate_learnable(self, field: Field) -> None:
        both = set(field.data or ()) & set(self.must.data or ())
        if both:
            names = dict((c.value, c.label) for c in field.choices)
            raise ValidationError(
                _("Choose one of the two for: %(names)s.", names=", ".join(str(names[code]) for code in sorted(both)))
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty basis skips its own checks, so whether the law needs naming is asked of the whole form."""
        right = bool(super().validate(extra_validators))
        if self.extract.data == "yes" and not self.extract_basis.data:
            self.refuse(_("Say which law asks for it."), "extract_basis")
            return False
        return right

"""What is asked of a vacancy that stands, and of what a role usually says."""

from portal.employers import vacancy_fields
from portal.employers.vacancy_changes import ChangeAnswer
from portal.employers.vacancy_fields import OffersVacancy
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


class ChangeForm(OffersVacancy, Form[ChangeAnswer]):
    answers = ChangeAnswer
    title = fields.text(lazy("Title"), max=120)
    tasks = vacancy_fields.tasks()
    number = fields.number(lazy("How many people?"), least=1, most=100)
    starts_on = vacancy_fields.starts_on()
    hours_week = fields.number(lazy("Hours a week"), least=1, most=48)
    hours_from = fields.hour(lazy("From"))
    hours_until = fields.hour(lazy("Until"))
    shift = fields.select(lazy("Shift"))
    flexible = fields.tick(lazy("The hours can shift a little, or a morning off for an appointment is possible"))
    notice_days = fields.one_of(lazy("How long before must you know that a schedule changes?"))
    interview_inside = fields.tick(lazy("We can come to the candidate"))
    interview_video = fields.tick(lazy("We can talk by video"))
    public = vacancy_fields.public()

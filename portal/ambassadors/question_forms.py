from dataclasses import dataclass

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy

ABOUT_WORK = lazy("Write about the work, not about a person. No names, no places where somebody stays.")
LOOKED = lazy("I looked at what is marked. My text is about nobody in particular.")


@dataclass(frozen=True)
class AskAnswer:
    text: str
    names_company: bool
    looked: bool


@dataclass(frozen=True)
class ReplyAnswer:
    text: str
    names_company: bool
    looked: bool


@dataclass(frozen=True)
class AgainAnswer:
    text: str
    looked: bool


class AskForm(Form[AskAnswer]):
    answers = AskAnswer
    text = fields.paragraph(lazy("Your question"), max=1200, rows=5, hint=ABOUT_WORK)
    names_company = fields.tick(
        lazy("Show our company's name to the company that answers"),
        hint=lazy("Without it, they read your sector and your size only."),
    )
    looked = fields.tick(LOOKED)


class ReplyForm(Form[ReplyAnswer]):
    answers = ReplyAnswer
    text = fields.paragraph(lazy("Your answer"), max=2000, rows=6, hint=ABOUT_WORK)
    names_company = fields.tick(
        lazy("Show our company's name beside the answer"),
        hint=lazy("Without it, the asker reads your sector and your size only."),
    )
    looked = fields.tick(LOOKED)


class AgainForm(Form[AgainAnswer]):
    answers = AgainAnswer
    text = fields.paragraph(lazy("What is still unclear?"), max=1200, rows=4, hint=ABOUT_WORK)
    looked = fields.tick(LOOKED)


class WorkerReplyForm(AgainForm):
    text = fields.paragraph(lazy("Your answer"), max=2000, rows=6, hint=ABOUT_WORK)

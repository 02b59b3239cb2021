"""Another calendar of mine: by its address, or as a file."""

from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import InputRequired, ValidationError

from portal.agenda.busy_reading import MOST_BYTES
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


@dataclass(frozen=True)
class AddressAnswer:
    address: str


class AddressForm(Form[AddressAnswer]):
    answers = AddressAnswer
    address = fields.text(
        lazy("Address of the calendar"), max=2000, autocomplete="off",
        hint=lazy("It begins with https:// or webcal:// and often ends in .ics. Your calendar program gives it under “share” or “publish”."),
    )  # fmt: skip


class NotTooLarge:
    """A file of 1 MB at most; what it is shows on reading it."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and len(field.data.stream.read(MOST_BYTES + 1)) > MOST_BYTES:
            raise ValidationError(lazy("This file is larger than 1 megabyte. Export fewer years."))
        if field.data:
            field.data.stream.seek(0)


@dataclass(frozen=True)
class FileAnswer:
    file: Any


class FileForm(Form[FileAnswer]):
    answers = FileAnswer
    file = FileField(
        lazy("Calendar file"), [InputRequired(lazy("Choose a file.")), NotTooLarge()],
        description=lazy("An .ics file of 1 megabyte at most. We read it once and keep no file."),
        render_kw={"accept": ".ics,text/calendar"},
    )  # fmt: skip

    def content(self) -> bytes:
        return bytes(self.file.data.stream.read())

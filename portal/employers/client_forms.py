"""What an agency says of a client, and where a job of it is."""

from dataclasses import dataclass

from portal.employers.clients import ClientAnswer
from portal.employers.forms import _Numbered, _Placed, _postcode, _transport
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


class ClientForm(_Placed, _Numbered, Form[ClientAnswer]):
    answers = ClientAnswer
    name = fields.text(lazy("Name of the client"), max=160, hint=lazy("Candidates hear it before they say yes."))
    number = fields.text(lazy("Company number of the client"), max=20, hint=lazy("Ten digits, such as 0403.170.701."))
    street = fields.text(lazy("Street and number"), max=160)
    postcode = _postcode()
    municipality = fields.text(lazy("Municipality"), max=80)
    public_transport = _transport()


@dataclass(frozen=True)
class MoveAnswer:
    """The key of the place."""

    workplace: str


class MoveForm(Form[MoveAnswer]):
    answers = MoveAnswer
    workplace = fields.select(lazy("Where is the job?"))

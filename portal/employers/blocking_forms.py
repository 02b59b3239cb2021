"""Why a company is stopped, and why it may go on."""

from typing import Any

from portal.employers.blocking import BlockingAnswer, UnblockAnswer
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import lazy


class BlockForm(Form[BlockingAnswer]):
    answers = BlockingAnswer
    because = fields.one_of(lazy("What is it about?"))
    reason = fields.paragraph(
        lazy("Why do you block this company?"),
        max=1000,
        hint=lazy("Only the team reads this. The company is told to call."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.because, choices("employers", "block_reasons"))


class UnblockForm(Form[UnblockAnswer]):
    answers = UnblockAnswer
    reason = fields.paragraph(
        lazy("Why may this company go on?"), max=1000, hint=lazy("Only the team reads this, in the journal.")
    )

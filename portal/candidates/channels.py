"""How somebody was spoken to, or agreed, in words. A door: later rooms ask it the same way."""

from typing import Any

from portal.candidates.states import Channel
from portal.foundation.words import lazy

CHANNELS = {
    Channel.PAPER: lazy("on paper"), Channel.LINK: lazy("by link"), Channel.PHONE: lazy("by phone"),
    Channel.IN_PERSON: lazy("face to face"), Channel.EMAIL: lazy("by e-mail"),
}  # fmt: skip


def channel_choices(*wanted: Channel) -> list[tuple[str, Any]]:
    return [(one.value, CHANNELS[one]) for one in wanted or tuple(Channel)]

"""A form that writes the next version of a template says which version its writer had before the eyes."""

from wtforms import HiddenField


class Versioned:
    """For such a form. The version is compared when it is written: who was overtaken hears so."""

    seen = HiddenField()

    @property
    def based_on(self) -> int:
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0

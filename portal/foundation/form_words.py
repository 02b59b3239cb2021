"""WTForms' own sentences, in plain words of our catalogue."""

from portal.foundation.words import _, lazy

_SENTENCES = {
    "Not a valid choice.": lazy("Choose one of the options."),
    "Not a valid choice": lazy("Choose one of the options."),
    "'%(value)s' is not a valid choice for this field.": lazy("Choose one of the options."),
    "Invalid Choice: could not coerce.": lazy("Choose one of the options."),
    "Invalid Choice: could not coerce": lazy("Choose one of the options."),
    "Not a valid integer value.": lazy("Give a whole number, such as 12."),
    "Not a valid decimal value.": lazy("Give a number, such as 38 or 19.5."),
    "Not a valid date value.": lazy("This date does not exist. Write it as day, month, year."),
    "Not a valid time value.": lazy("Give an hour, such as 9:30."),
    "Not a valid datetime value.": lazy("This date does not exist. Write it as day, month, year."),
    "This field is required.": lazy("Fill this in."),
}


class Sentences:
    """The translations object that WTForms asks of a form's Meta."""

    def gettext(self, string: str) -> str:
        return str(_SENTENCES.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if "at most" in plural or "longer than" in plural:
            return _("This is too long.")
        return _("Choose one of the options.") if "choice" in plural else (singular if n == 1 else plural)

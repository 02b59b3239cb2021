"""Phone numbers: Belgian ones as people type them, others with their country; kept in one shape that a phone can call."""

import phonenumbers

from portal.foundation.errors import DomainError
from portal.foundation.words import lazy


class NotAPhoneNumber(DomainError):
    sentence = lazy(
        "This phone number is not right. Write it as 0470 12 34 56, or with the country: +31 6 12 34 56 78."
    )
    field = "phone"


def checked(text: str) -> str:
    """The number as it is written in its own country (0470 12 34 56), with its country when abroad.

    Raises NotAPhoneNumber.
    """
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber() from None
    if not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber()
    home = phonenumbers.region_code_for_number(number) == "BE"
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)

"""Company numbers: the Belgian one with its checksum, shown as 0xxx.xxx.xxx; others by the VAT rules of their country."""

from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from portal.foundation.errors import DomainError
from portal.foundation.words import lazy

__all__ = ["NotACompanyNumber", "compact", "shown"]


class NotACompanyNumber(DomainError):
    sentence = lazy(
        "This company number is not right. A Belgian one has ten digits, such as 0403.170.701; look at each digit."
    )
    field = "number"


def compact(text: str) -> str:
    """A Belgian number as its ten digits, a foreign one with its country before it. Raises NotACompanyNumber."""
    typed = "".join(c for c in text.upper() if c.isalnum())
    try:
        if typed[:2].isalpha() and not typed.startswith("BE"):
            module = get_cc_module(typed[:2].lower(), "vat")
            if module is None or typed[:2].lower() not in european.MEMBER_STATES:
                raise NotACompanyNumber()
            return typed[:2] + str(module.validate(typed[2:]))
        return str(belgian.validate(typed))
    except ValidationError:
        raise NotACompanyNumber() from None


def shown(number: str | None) -> str:
    """0403.170.701"""
    if not number:
        return ""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number.isdigit() and len(number) == 10 else number

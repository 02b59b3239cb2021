"""Text as it is compared: how somebody types a name matters less than which name it is."""

import unicodedata


def folded(text: str) -> str:
    """Without case and accents: "Aït" and "AIT" are both "ait"."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in taken_apart if not unicodedata.combining(c))

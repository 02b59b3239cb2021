"""One spelling for each mailbox, where a no or a number of letters counts for whoever reads them and not for how it is typed:
Jan+Beurs@Garage.example and jan@garage.example are one."""

import unicodedata

import idna

# Where dots in a name lead to the same mailbox, and the domain under which it goes.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def plainest(address: str) -> str:
    """One spelling for each mailbox: no case, no tag after a plus, no character that cannot be seen, one form of a domain."""
    text = "".join(c for c in unicodedata.normalize("NFKC", address) if unicodedata.category(c) != "Cf")
    local, _, domain = text.strip().casefold().replace('"', "").rpartition("@")
    domain = _ascii(domain.strip().rstrip("."))
    local = local.strip().partition("+")[0] or local.strip()
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    return f"{local}@{domain}"


def _ascii(domain: str) -> str:
    """A domain with accents and the form in which machines write it (xn--…) are one."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain

"""Ways to reach a person: e-mail, links and account names, also when they are disguised."""

import re
from collections.abc import Iterator

from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading

_DOT = r"(?:\s*[.]\s*|\s*[\[({<]\s*(?:\.|dot|punt|point|stip)\s*[\])}>]\s*|\s+(?:dot|punt|point|stip)\s+)"
_AT = (
    r"(?:\s*@\s*|\s*[\[({<]\s*(?:at|@|apenstaartje|apenstaart|arobase|arrobase|a|chez)\s*[\])}>]\s*"
    r"|\s+(?:apenstaartje|apenstaart|apestaart\w*|arobase|arrobase|arobas|a commercial|at[ \-]sign|at teken|at-teken|signe at|kringeltje)\s+|\s*\(a\)\s*)"
)
_PLAIN_AT = r"\s+(?:at|chez|bij|a)\s+"
_PROVIDER = (
    r"(?:g ?mail|google ?mail|hot ?mail|outlook|yahoo|icloud|live|msn|me|proton(?:mail)?|pm|gmx|aol|yandex|mail"
    r"|telenet|skynet|proximus|scarlet|voo|base|orange|free|laposte|wanadoo|ziggo|kpnmail|tutanota|zoho)"
)
_TLD = (
    r"(?:be|com|nl|fr|net|org|eu|de|lu|uk|io|info|me|pro|biz|brussels|vlaanderen|gent|ch|it|es|pt|pl|ro|bg|tr|ma|ru|ua)"
)
_LOCAL = r"[\w+\-%]+(?:(?:[.]|\s+(?:punt|point|dot|stip|streepje|liggend streepje|underscore|tiret|tiret bas)\s+|\s*[\[(](?:punt|point|dot|\.)[\])]\s*)[\w+\-%]+)*"
_LABEL = r"[\w\-]+"
_EMAIL = re.compile(
    rf"(?<![\w@]){_LOCAL}(?:(?:{_AT}){_LABEL}(?:{_DOT}{_LABEL})*{_DOT}{_TLD}(?![\w@])"
    rf"|\s*@\s*{_LABEL}(?:[.,]{_LABEL})+|{_AT}{_PROVIDER}(?:(?:{_DOT}|\s){_TLD})?(?!\w)"
    rf"|{_PLAIN_AT}{_PROVIDER}{_DOT}{_TLD}(?!\w))"
)
_ACCOUNT = re.compile(rf"(?<!\w){_PROVIDER}(?:adres|account)?\s?[:=]\s?(?P<name>(?=[a-z._\-]*\d)[\w.\-]{{4,}})(?!\w)")
_SITE_TLD = r"(?:be|com|nl|fr|net|org|eu|lu|io|info|co\.uk|uk|biz|brussels|vlaanderen|gent|online|site|app|dev|blog|shop|link|ly)"
_URL = re.compile(
    r"h(?:tt|xx)ps?\s*:\s*/\s*/\s*[^\s<>\"]+"
    r"|(?<![\w.])www\s?\.\s?[\w\-]+(?:\.[\w\-]+)+(?:/[^\s<>\"]*)?"
    rf"|(?<![\w@.\-])(?:[\w\-]+\.)+{_SITE_TLD}(?:/[^\s<>\"]*)?(?![\w@])"
    rf"|(?<![\w@.\-])[\w\-]{{4,}}\s\.\s?{_SITE_TLD}(?:/[^\s<>\"]*)?(?![\w@])"
    rf"|(?<!\w)(?:bit|buff|ow|t|lnkd|wa|linktr)[. ]{{1,2}}(?:ly|ee|me|in|co)/[^\s<>\"]+"
    rf"|(?<![\w@.\-])(?:[\w\-]+\.)+[a-z]{{2,}}/[^\s<>\"]+"
    rf"|(?<!\w)(?:www|(?!(?:le|un|au|du|ce|the|a|het|een|de)\s){_LABEL})\s+(?:punt|point|dot)\s+{_LABEL}(?:\s+(?:punt|point|dot)\s+{_LABEL})*"
    rf"\s+(?:slash|schuine streep|barre oblique)\s+{_LABEL}(?:\s+(?:slash|schuine streep)\s+{_LABEL})*"
    rf"|(?<!\w)(?:(?:www|(?!(?:le|un|au|du|ce|the|a|het|een|de|ce)\s){_LABEL})(?:\s+(?:punt|point|dot)\s+|\s*[\[(](?:punt|point|dot|\.)[\])]\s*))+{_TLD}(?!\w)"
)
_NETWORK = (
    r"(?:facebook|fb|insta(?:gram)?|ig|linked ?in|tik ?tok|snap(?:chat)?|twitter|telegram|signal|discord|skype"
    r"|you ?tube|messenger|whats ?app|x\.com|mastodon|threads|bluesky|vinted|twitch|reddit)"
)
_HANDLE = re.compile(
    rf"(?<![\w@.])@[\w.\-]{{2,}}\w"
    rf"|(?<!\w){_NETWORK}(?:[\s\-]?(?:account|profiel|profil|compte|naam|user|gebruiker|pagina|page|handle))?"
    r"(?:\s*[:=/]\s*|\s+(?:slash|schuine streep|barre oblique|is|onder|als|as|est|sous|under|via|op|sur)\s+|\s+)(?:de naam\s+|le nom\s+|the name\s+)?"
    r"(?P<handle>@?(?=[\w.\-]*[\d._])[\w.\-]{2,}\w)"
)


def find_emails(reading: Reading) -> Iterator[Hit]:
    """Addresses, also with the sign and the dots in words or between brackets."""
    for match in _EMAIL.finditer(reading.lower):
        yield Hit(*match.span(), "email", "email")
    for match in _ACCOUNT.finditer(reading.lower):
        yield Hit(*match.span("name"), "email", "email")


def find_links(reading: Reading) -> Iterator[Hit]:
    """Web addresses and account names."""
    for match in _URL.finditer(reading.lower):
        end = match.start() + len(match[0].rstrip(".,;:!?)"))
        yield Hit(match.start(), end, "url", "url")
    for match in _HANDLE.finditer(reading.lower):
        group = "handle" if match["handle"] else 0
        yield Hit(*match.span(group), "url", "url")

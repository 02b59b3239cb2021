"""What somebody is called by others: a name that stands behind "calls him", "alias", "for the friends"."""

import re
from collections.abc import Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import fold
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import Sentence, cut, everyday
from portal.showcase.redaction.products import free_words, is_trade_word

_WORD = r"[A-Z][\w'\-]+"
_NAME = rf"[\"'(«“]?(?P<name>(?:(?:de|den|le|la|the|da|den|ons|onze|notre|our)\s)?{_WORD}(?:\s(?:(?:le|la|de|den|the)\s)?{_WORD})?)"
_PLAIN = rf"[\"'(«“]?(?P<name>{_WORD}(?:\s{_WORD})?)"
_SMALL = (
    *(
        "je",
        "tje",
        "sje",
        "pje",
        "kje",
        "ke",
        "ske",
        "eke",
        "ken",
        "tjes",
        "shka",
        "ushka",
        "schka",
        "uschka",
        "chka",
        "tchka",
        "sjka",
        "tsjka",
    ),
    *("enka", "inka", "ka", "inho", "inha", "ito", "ita", "ou", "ette", "ko", "iek"),
)
"""How a first name is made small."""
_DOUBLED = re.compile(r"(?P<half>[bcdfghjklmnprstvyz]{1,2}(?:[aeiouy]|ou|oe))(?P=half)")
_NO_NAMES = frozenset(
    [
        "papa",
        "mama",
        "coco",
        "yoyo",
        "kaka",
        "couscous",
        "tamtam",
        "dodo",
        "bobo",
        "tutu",
        "gogo",
        "kiki",
        "koko",
        "soso",
        "cici",
        "helmpje",
        "pipi",
        "baba",
        "haha",
        "hoho",
        "roro",
    ]
)


_NO_VERB = frozenset(["niet", "voor", "sont", "font", "vont", "achat", "petit", "avant", "met", "tout", "haut", "vert"])


@cache
def _cues() -> tuple[re.Pattern[str], ...]:
    lists = lexicon.table("callings")["all"]
    sure, plain, behind = (
        "|".join(sorted(lexicon.expressions(lists[use]), key=len, reverse=True)) for use in ("sure", "plain", "behind")
    )
    return (
        re.compile(rf"(?<!\w)(?i:{sure})[\s:=,]*{_NAME}"),
        re.compile(rf"(?<!\w)(?i:{plain})[\s:=]*{_PLAIN}"),
        re.compile(rf"(?<!\w)(?P<name>{_WORD}(?:\s{_WORD})?)\s(?i:{behind})(?!\w)"),
        re.compile(
            rf"(?<!\w)(?i:{lists['belongs'].strip()})\s(?P<name>{_WORD})(?=\s(?:{lexicon.table('names')['all']['verbs'].strip()}|never|nooit|altijd|toujours|staat|knows|kent)\s)"
        ),
    )


def find_callings(known: Known, text: Sentence) -> Iterator[Hit]:
    """Names by their cue, and homely forms of first names inside a sentence."""
    if text.shouting:
        return
    yield from _in_small_letters(known, text)
    for pattern in _cues():
        for match in pattern.finditer(text.reading.text):
            if _may_be_person(text, match):
                kind: Kind = (
                    "name"
                    if "naar" in match[0].lower() or match[0].lower().startswith(("ask", "demand"))
                    else "nickname"
                )
                yield Hit(*match.span("name"), kind, "introduced_name")
    for index, word in enumerate(text.words):
        if _stands_out(text, index) and len(word.lower) > 3 and _homely(word.lower) and index not in free_words(text):
            yield Hit(word.start, word.end, "nickname", "common_name")


def _in_small_letters(known: Known, text: Sentence) -> Iterator[Hit]:
    """ "Iedereen noemt haar ilsepils": what begins like the first name, or is a homely form, behind a cue."""
    starts = tuple(word[:3] for word in cut(known.first_name) if len(word) > 3)
    if not starts:
        return
    for match in _small_cue().finditer(text.reading.lower):
        word = match["name"]
        short = word.endswith(("tje", "ke", "ske")) and any(word.startswith(start[:2]) for start in starts)
        if word not in everyday() and (word.startswith(starts) or short or _homely(word)):
            yield Hit(*match.span("name"), "nickname", "known_nickname")


@cache
def _small_cue() -> re.Pattern[str]:
    lists = lexicon.table("callings")["all"]
    lines = "|".join(line for use in ("sure", "plain") for line in lexicon.expressions(lists[use]))
    return re.compile(rf"(?<!\w)(?:{lines})[\s:=]*(?P<name>[a-z]{{4,}})(?!\w)".replace("[A-Z]", "[a-z]"))


def _stands_out(text: Sentence, index: int) -> bool:
    """By its capital, or because it does something."""
    word = text.words[index]
    quoted = word.start > 0 and text.reading.text[word.start - 1] in "'\""
    return text.named(index) or (word.capital and (quoted or _acts(text, index) or _doubled(word.lower)))


def _acts(text: Sentence, index: int) -> bool:
    """What stands behind is a verb of one person: "Kathje werkt", "Sasja rijdt"."""
    after = text.after(index)
    return bool(after) and (
        after[0] in _verbs()
        or (len(after[0]) > 3 and after[0].endswith("t") and after[0] not in _NO_VERB and text.bonds[index + 1] == 2)
    )


def _doubled(word: str) -> bool:
    """Momo, Zaza, Moumou."""
    return bool(_DOUBLED.fullmatch(word)) and word not in _NO_NAMES and word not in everyday()


@cache
def _verbs() -> frozenset[str]:
    return frozenset(lexicon.table("names")["all"]["verbs"].strip().split("|"))


def _may_be_person(text: Sentence, match: re.Match[str]) -> bool:
    """A language, a service or a machine may be asked for too."""
    words = re.findall(r"[\w']+", match["name"])
    shorts, plain = lexicon.words("abbreviations"), lexicon.words("allowed")
    if any(word in shorts or fold(word) in plain for word in words) or all(is_trade_word(fold(w)) for w in words):
        return False
    free = free_words(text)
    return not any(match.start("name") <= text.words[index].start < match.end("name") for index in free)


@cache
def _given() -> frozenset[str]:
    names = lexicon.words("given_names") | lexicon.words("given_names_rarer")
    groups = {name for group in lexicon.groups("hypocorisms") for name in group}
    return frozenset(fold(name) for name in names | groups if len(name) > 2)


@cache
def _homely(word: str) -> bool:
    """Nandootje is Nando, Sasjka is Sasha, Sammeke is Sam."""
    if _doubled(word):
        return True
    if word in everyday() or word in _NO_NAMES or word in lexicon.words("allowed"):
        return False
    return any(_is_given(word.removesuffix(ending)) for ending in _SMALL if word.endswith(ending))


def _is_given(stem: str) -> bool:
    base = re.sub(r"(.)\1$", r"\1", stem)
    forms = {stem, base, stem.removesuffix("e"), re.sub(r"(.)\1e$", r"\1", stem), f"{stem}a", f"{stem}e"}
    forms |= {form.replace("sj", "sh") for form in forms}
    return any(form in _given() and len(form) > 2 and form not in everyday() for form in forms)

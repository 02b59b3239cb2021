"""The candidate's name in every writing, and names that a text introduces by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from portal.showcase.redaction import lexicon
from portal.showcase.redaction import name_variants as variants
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading, fold
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import Phrasebook, Sentence, Words, cut, everyday
from portal.showcase.redaction.products import free_words
from portal.showcase.redaction.sounds import bones, sound


@dataclass(frozen=True, slots=True)
class NameForm:
    """What a written form stands for."""

    kind: Kind
    why: str
    clear: bool
    first: bool


@dataclass(frozen=True)
class Names:
    """All forms of one candidate's name."""

    book: Phrasebook[NameForm]
    parts: dict[str, NameForm]
    """The single words that misspellings are compared with."""
    sounds: dict[str, str]
    led: tuple[tuple[Words, str], ...]
    """Particles of the family name with the word after them."""


@lru_cache(maxsize=64)
def names_of(known: Known) -> Names:
    """Worked out once for a candidate, then kept."""
    firsts = variants.first_name_forms(known.first_name)
    lasts = variants.surname_forms(known.last_name)
    nicknames = variants.nickname_forms(known.first_name, known.nicknames)
    own = {cut(name) for name in known.nicknames}
    forms: dict[Words, NameForm] = {}
    for form in nicknames:
        same = form not in own and _same_name("".join(form), fold(known.first_name))
        kind: Kind = "name" if same else "nickname"
        sure = variants.clear(form) and (form in own or len("".join(form)) > 6)
        forms[form] = NameForm(kind, f"known_{kind}", sure, True)
    for form in (*firsts, *lasts, *variants.full_forms(firsts, lasts)):
        forms[form] = NameForm("name", "known_name", variants.clear(form), form in firsts)
    for word in {form[0] for form in (*firsts, *lasts) if len(form) == 1 and len(form[0]) >= 5}:
        forms.setdefault((word[::-1],), NameForm("name", "known_name", True, False))
    for form, meaning in list(forms.items()):
        if len(form[-1]) > 2:
            forms.setdefault(variants.possessive(form), meaning)
    parts = {form[0]: forms[form] for form in (*firsts, *lasts, *own) if len(form) == 1 and len(form[0]) >= 4}
    sounds = {sound(part): part for part in parts if len(sound(part)) >= 3}
    led = tuple((form[:-1], form[-1]) for form in lasts if len(form) > 1 and form[-1] in parts)
    return Names(Phrasebook(forms), parts, sounds, led)


def _same_name(form: str, first_name: str) -> bool:
    """Yusuf and Youssef are one name; Jef and Jozef are not."""
    alike = (sound(form) == sound(part) or fuzz.ratio(form, part) >= 65 for part in (first_name, *cut(first_name)))
    return len(form) >= 5 and any(alike)


def find_known_names(known: Known, text: Sentence) -> Iterator[Hit]:
    """Exact forms first, then what looks or sounds like them."""
    names = names_of(known)
    taken: set[int] = set()
    for index, count, form in names.book.search(text):
        last = index + count - 1
        if form.clear or _meant(text, index, last, form):
            if form.kind == "nickname" and _a_trade_term(text, index, last):
                continue
            taken.update(range(index, last + 1))
            yield Hit(text.words[index].start, text.words[last].end, form.kind, form.why)
    for index in range(len(text.words)):
        if index not in taken and (hit := _like(names, text, index, known)):
            yield hit


def _meant(text: Sentence, first: int, last: int, form: NameForm) -> bool:
    """A plain word is a name by its capital, by what stands before it, or by what it does."""
    if any(text.named(index) for index in range(first, last + 1)):
        return not _common_in_capitals(text, first, last)
    if text.words[first].capital and not text.shouting and text.words[first].lower not in everyday():
        return True
    if titled(text, first) and text.words[first].capital:
        return True
    acts = bool(set(text.after(last)) & _words_of("verbs"))
    return form.first and text.words[first].capital and not text.shouting and acts


def _common_in_capitals(text: Sentence, first: int, last: int) -> bool:
    """BE, EN and the like in capitals are abbreviations, even for somebody called Ben."""
    word = text.words[first]
    written = text.reading.text[word.start : word.end]
    return first == last and written.isupper() and written in lexicon.words("abbreviations")


def _a_trade_term(text: Sentence, first: int, last: int) -> bool:
    """ "IBO van 3 maanden": somebody called Ibo is not meant by the name of a measure."""
    return (
        _common_in_capitals(text, first, last) and not text.shouting and not set(text.after(last)) & _words_of("verbs")
    )


def titled(text: Sentence, index: int) -> bool:
    """A title or "named" stands before."""
    return bool(set(text.before(index)) & _words_of("words"))


@cache
def _words_of(use: str) -> frozenset[str]:
    return frozenset(lexicon.table("names")["all"][use].strip().replace("\\.", "").split("|"))


def _like(names: Names, text: Sentence, index: int, known: Known) -> Hit | None:
    word = text.words[index]
    if len(word.lower) < 3 or word.lower.isdigit():
        return None
    plain = word.lower in everyday()
    if (not plain or word.opens) and _short_for(known.first_name, text, index):
        return Hit(word.start, word.end, "nickname", "known_nickname")
    if led := _after_particles(names, text, index):
        return Hit(text.words[index - led].start, word.end, "name", "known_name")
    part = (
        None
        if plain
        else (sounds_like(names, word.lower) or _misspelt(names, text, index) or _same_bones(names, text, index))
    )
    if part and (part in everyday() or names.parts[part].kind == "nickname") and not text.named(index):
        # "Bakkerij" is no slip in the name of somebody called Bakker.
        return None
    return Hit(word.start, word.end, names.parts[part].kind, names.parts[part].why) if part else None


def _after_particles(names: Names, text: Sentence, index: int) -> int:
    """How many particles of the family name stand before something like its last word."""
    word = text.words[index].lower
    for lead, part in names.led:
        if len(word) > 3 and text.before(index, len(lead)) == lead and OSA.distance(part, word, score_cutoff=2) <= 2:
            return len(lead)
    return 0


def _short_for(first_name: str, text: Sentence, index: int) -> bool:
    """The beginning of the first name, with a capital: Moh for Mohamed, Ols for Olsen."""
    word = text.words[index]
    if not word.capital or text.shouting or len(word.lower) < 3:
        return False
    if word.opens and not set(text.after(index)) & _words_of("verbs"):
        return False
    return any(part.startswith(word.lower) and part != word.lower for part in cut(first_name))


def sounds_like(names: Names, word: str) -> str | None:
    part = names.sounds.get(sound(word))
    alike = part and len(word) >= 4 and fuzz.ratio(part, word) >= 55
    return part if alike else None


def _same_bones(names: Names, text: Sentence, index: int) -> str | None:
    """The same consonants in the same order, with other vowels between them: Muhammed for Mohamed."""
    word = text.words[index].lower
    if len(word) < 5 or not text.named(index) or len(bones(word)) < 3:
        return None
    alike = (part for part in names.parts if part[0] == word[0] and bones(part) == bones(word))
    return next((part for part in alike if fuzz.ratio(part, word) >= 65), None)


def _misspelt(names: Names, text: Sentence, index: int) -> str | None:
    """One slip in a long word, two in a very long one; a small word needs its capital."""
    word = text.words[index].lower
    named = text.named(index) or (text.words[index].capital and bool(set(text.after(index)) & _words_of("verbs")))
    if len(word) < (5 if named else 7):
        return None
    for part in names.parts:
        slips = 2 if named and len(part) >= 8 else 1
        if len(part) >= 5 and OSA.distance(part, word, score_cutoff=slips) <= slips:
            return part if named or part[0] == word[0] else None
    return None


@cache
def _introduction() -> re.Pattern[str]:
    lines = lexicon.expressions(lexicon.table("names")["all"]["introductions"])
    name = r"[A-Z][\w'\-]+(?:\s+(?:van|de|den|der|el|al|ben|le|la|du|di)\b)*(?:\s+[A-Z][\w'\-]+){0,2}"
    return re.compile(rf"(?<!\w)(?i:{'|'.join(lines)})[\s:,]*(?P<name>{name})")


@cache
def _titled_name() -> re.Pattern[str]:
    title = r"(?i:meneer|mijnheer|mevrouw|mevr|juffrouw|dhr|mr|mrs|ms|miss|madame|monsieur|mademoiselle|mme|mlle|signe|signed|ondertekend|getekend)"
    return re.compile(
        rf"(?<!\w){title}\.?[\s:]+(?:door\s+|par\s+|by\s+)?(?P<name>[A-Z][\w'\-]+(?:\s+[A-Z][\w'\-]+){{0,2}})"
    )


@cache
def _role_name() -> re.Pattern[str]:
    """ "Ploegbaas Luc Verhaegen", "the supervisor, Gareth Pugh", "vraag naar Claessens"."""
    roles = "|".join(lexicon.expressions(lexicon.table("names")["all"]["roles"]))
    name = r"[A-Z][a-z'\-]+(?:\s+(?:van|de|den|der|el|al|ben|le|la)\b)*\s+[A-Z][a-z'\-]+"
    asked = r"(?i:vraag naar|bel naar|vragen naar|contact opnemen met|ask for|demande[rz]|s'adresser a|contacter|selon|volgens|according to|zegt|dixit|says|schrijft|aldus)"
    return re.compile(
        rf"(?<!\w)(?:(?i:{roles}),?\s+(?P<one>{name})|{asked}\s+(?P<two>[A-Z][a-z'\-]{{2,}}(?:\s+[A-Z][a-z'\-]+)?))"
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(fold(name) for name in lexicon.words("given_names"))


def find_unknown_names(text: Sentence) -> Iterator[Hit]:
    """Names that are introduced as such, by a title, a role or a verb."""
    for pattern in (_introduction(), _titled_name(), _role_name()):
        for match in pattern.finditer(text.reading.text):
            group = "name" if "name" in match.groupdict() else "one" if match["one"] else "two"
            if not _no_person(match[group]):
                yield Hit(*match.span(group), "name", "introduced_name")


def _no_person(words: str) -> bool:
    """A service, a language or a machine."""
    return any(
        word in lexicon.words("allowed") or word.upper() in lexicon.words("abbreviations") for word in cut(words)
    )


def _find_common_names(text: Sentence) -> Iterator[Hit]:
    """First names that many bear, and family names inside a sentence."""
    branded = free_words(text)
    for index, word in enumerate(text.words):
        if index in branded and not titled(text, index):
            continue
        rarer = word.lower in _rarer() and text.named(index) and word.lower not in everyday()
        if rarer or (word.lower in _common() and _a_person(text, index)):
            yield Hit(word.start, text.words[_whole_name(text, index)].end, "name", "common_name")


def _whole_name(text: Sentence, index: int) -> int:
    """A family name behind the first name belongs to it, with its particles."""
    last = index
    for place in range(index + 1, min(index + 4, len(text.words))):
        word = text.words[place]
        gap = text.reading.text[text.words[place - 1].end : word.start]
        if gap not in {" ", "-"} or not (word.capital or word.lower in variants.PARTICLES):
            break
        if word.capital and not text.shouting:
            last = place
    return last


@cache
def _rarer() -> frozenset[str]:
    names = {fold(name) for name in lexicon.words("given_names_rarer") | lexicon.words("family_names")}
    others = (
        lexicon.words("allowed")
        | lexicon.words("countries")
        | lexicon.words("countries_near")
        | lexicon.words("languages")
    )
    return frozenset(names - {fold(word) for word in others})


def _a_person(text: Sentence, index: int) -> bool:
    word = text.words[index]
    if not word.capital or text.shouting:
        return False
    if word.lower in everyday() or len(word.lower) < 3:
        return titled(text, index)
    # "Elke dag", "Will lift": at the head of a sentence its capital says nothing.
    return not (word.opens and word.lower in lexicon.terms("names_that_open"))


def read_names(known: Known, reading: Reading, text: Sentence) -> Iterator[Hit]:
    """All names in one reading."""
    yield from find_known_names(known, text)
    yield from find_unknown_names(text)
    yield from _find_common_names(text)

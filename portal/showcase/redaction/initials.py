"""Initials: few letters that say a whole name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import Words, cut

_STOP = r"\s?[.\-·]\s?-?\s?"
_CUE = r"(?i:kandidaa?te?|candidate?|profiel|profile?|naam|name|nom|initialen|initiale?s|dossier|fiche|meneer|mevrouw|dhr|mevr|mr|mrs|ms|mme|m|door|by|par|van|de|signed|signe|d'apres|selon|volgens|from|collega|collegue|colleague|cook|kok|chef|ploegbaas|supervisor|baas|patron|boss|voor|pour|for|over|about|concernant|betreft|re|met|avec|with|bij|referentie|reference|attest|attestation|bilan|verslag|rapport|report|formulier|formulaire|form|redige|etabli|etablie|opgesteld|evaluatie|opvolging|intake|entretien|gesprek|candidature|candidaat|stagiair\w*|trainee|worker|client|klant|deelnemer|participant\w*)"
_ALONE = re.compile(
    r"(?:^|(?<=[.!?] ))(?P<initials>[A-Z]\.)(?=\s(?:is|kan|heeft|werkt|was|wil|kent|doet|leest|last|kookt|poetst|rijdt|helpt|est|sait|peut|travaille|connait|can|has|works|knows|reads|welds|cooks|drives|cleans)\s)"
)
_ANY = re.compile(rf"(?<!\w){_CUE}[.:,]?\s+(?P<initials>[A-Z](?:\.\s?-?[A-Z]){{1,3}}\.?)(?!\w)")

_DOTTED = re.compile(
    r"(?<![\w.&])(?P<initials>[A-Z]\.(?:\s?-?[A-Z]\.){1,3}(?:[A-Z](?!\w))?|[A-Z](?:\.-?[A-Z]){1,3}(?!\w))(?!\w|\.\w)"
)
_TITLED = re.compile(
    r"(?<!\w)(?i:meneer|mijnheer|mevrouw|mevr|mw|dhr|mr|mrs|ms|miss|madame|monsieur|mme|mlle|de heer)\.?\s(?P<initials>[A-Z]\.)(?!\w)"
)
_SIGNED = re.compile(
    r"(?<!\w)(?i:paraaf|paraf\w*|geparafeerd|initial\w*|signed|signee?|getekend|handtekening|ondertekend|afgetekend|paraphee?|visee?|vise|gezien|nagelezen|reviewed|approved|countersigned|gecontroleerd|goedgekeurd|checked)"
    r"[\s:]+(?:(?:off|door|par|by|van|de|met|with|as|est|is|for|in)[\s:]+){0,2}(?P<initials>[A-Z](?:[a-z]{1,2}[A-Z]{1,2}|[a-z]?[A-Z][a-z]?[A-Z]|[A-Z]{1,3}|[a-z][A-Z][a-z]?[A-Z]?))(?!\w)"
)
_LETTER = rf"(?:{'|'.join(sorted(lexicon.terms('letters'), key=len, reverse=True))}|[a-z])"
_BEFORE_LETTER = r"(?:(?:eerst|dan|daarna|d'abord|puis|first|then|followed by|gevolgd door|suivie? d[e']|an?|een|une?|and|et|en)\W+)*"
_SPELLED = re.compile(
    rf"(?<!\w)initial\w*(?:\s(?:zijn|are|sont))?[\s:]+(?P<initials>{_BEFORE_LETTER}{_LETTER}(?:[\s,;\-]+{_BEFORE_LETTER}{_LETTER}){{1,3}})(?!\w)"
)


def _abbreviations() -> frozenset[str]:
    return lexicon.words("abbreviations")


@lru_cache(maxsize=64)
def own_initials(known: Known) -> re.Pattern[str] | None:
    """Every way to shorten the whole name to its first letters."""
    first, last = cut(known.first_name), cut(known.last_name)
    forms = {*_plain_forms(first, last), *_dotted_forms(first, last)}
    return _any_of(forms)


@lru_cache(maxsize=64)
def half_names(known: Known) -> re.Pattern[str] | None:
    """One part of the name in full and the other as a letter: "Jan P." and "J. Peeters"."""
    first, last = cut(known.first_name), cut(known.last_name)
    if not (first and last):
        return None
    one, other = _letters(first[:1]), _letters(last[:1])
    whole, family = _in_full(first), _in_full(last)
    short = f"(?:{family}|(?i:{re.escape(last[-1])}))" if len(last[-1]) > 3 else family
    return _any_of(
        {
            rf"{whole}\s+{other.lower()}\.",
            rf"{whole}\s+{other}(?:\.(?:\s?[A-Za-z]\.)*|(?=\s|$|,))",
            rf"{one}\.(?:\s?-?[A-Z]\.)*\s?{short}",
            rf"{family},?\s+{one}\.",
            rf"{first[0][0].upper()}\.?-{first[1][0].upper()}\.?" if len(first) > 1 else "",
            rf"{one}\.\s?{_in_full(last[:-1])}\s+{last[-1][0].upper()}\." if len(last) > 1 else "",
        }
    )


@lru_cache(maxsize=64)
def own_letters(known: Known) -> re.Pattern[str] | None:
    """In small letters only where a text speaks of a signature."""
    runs = {run.lower() for run in _runs(cut(known.first_name), cut(known.last_name))}
    if not runs:
        return None
    cue = r"(?i:paraaf|paraf\w*|geparafeerd|initial\w*|signed|signe|getekend|handtekening|ondertekend|paraphe\w*|vise)"
    return re.compile(
        rf"(?<!\w){cue}(?:\s\w+){{0,2}}?[\s:]+(?P<initials>{'|'.join(sorted(runs, key=len, reverse=True))})(?!\w)"
    )


def _any_of(forms: set[str]) -> re.Pattern[str] | None:
    ordered = sorted(filter(None, forms), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(ordered)})(?![\w])") if ordered else None


def _letters(words: Words) -> str:
    return "".join(word[0] for word in words).upper()


def _runs(first: Words, last: Words) -> set[str]:
    """The letters of the whole name, and of its main parts, in both orders."""
    firsts = {_letters(first), _letters(first[:1])}
    lasts = {_letters(last), _letters(last[:1]), _letters(last[-1:])}
    pairs = {a + b for a, b in product(firsts, lasts)} | {b + a for a, b in product(firsts, lasts)}
    return {run for run in pairs | {_letters(last)} if len(run) >= 2}


def _plain_forms(first: Words, last: Words) -> Iterator[str]:
    """Without dots; what is also a common abbreviation would stop too much."""
    yield from (run for run in _runs(first, last) if run not in _abbreviations())
    if len(last) > 1 and _letters(last) not in _abbreviations():
        yield _particles(last)
        yield from (rf"{word[0].upper()}\.\s?-?(?:{_particles(last)})\.?" for word in first[:1])


def _particles(last: Words) -> str:
    """Van den Broeck is written VdB as often as VDB."""
    small = "".join(f"[{word[0].upper()}{word[0]}]" for word in last[1:-1])
    shortened = f"{last[0][0].upper()}{small}[{last[-1][0].upper()}{last[-1][0]}]"
    skipped = f"{last[0][0].upper()}[d]?{last[-1][0].upper()}"
    return f"{shortened}|{skipped}" if len(last) > 2 else shortened


def _dotted_forms(first: Words, last: Words) -> Iterator[str]:
    for run in _runs(first, last):
        rest = (f"{_STOP}[{letter}{letter.lower()}]" for letter in run[1:])
        yield run[0] + "".join(rest) + r"\.?"
        if run not in _abbreviations():
            yield r"\.\s?".join(run.lower()) + r"\.?"
    for word in last:
        if len(word) > 3 and first:
            # "S. Tf.": the family name as some of its letters.
            yield rf"{first[0][0].upper()}\.\s?{word[0].upper()}[{''.join(sorted(set(word[1:])))}]{{1,3}}\."


def _in_full(words: Words) -> str:
    return r"(?i:" + r"[\s'\-]*".join(map(re.escape, words)) + ")"


def find_initials(known: Known, reading: Reading) -> Iterator[Hit]:
    """The candidate's own, and any that stand where a name belongs."""
    firsts = cut(known.first_name)
    if len(firsts) > 1 or any(word in reading.lower for word in (*firsts, *cut(known.last_name))):
        for match in _matches(half_names(known), reading):
            yield Hit(*match.span(), "name", "known_name")
    for match in _matches(own_initials(known), reading):
        yield Hit(*match.span(), "initials", "known_initials")
    for match in _matches(own_letters(known), reading):
        yield Hit(*match.span("initials"), "initials", "known_initials")
    spelled = _SPELLED.finditer(reading.lower if "initial" in reading.lower else "")
    for match in (*spelled, *_ALONE.finditer(reading.text)):
        yield Hit(*match.span("initials"), "initials", "initials")
    for match in (found for each in (_ANY, _DOTTED, _TITLED, _SIGNED) for found in each.finditer(reading.text)):
        excluded = lexicon.terms("initials_dotted") if match.re is _ANY else _abbreviations()
        if re.sub(r"\W", "", match["initials"]).lower() not in {each.lower() for each in excluded}:
            yield Hit(*match.span("initials"), "initials", "initials")


def _matches(pattern: re.Pattern[str] | None, reading: Reading) -> Iterator[re.Match[str]]:
    return pattern.finditer(reading.text) if pattern else iter(())

"""How names sound, so that one name written in several ways, or alphabets, is one."""

import re
import unicodedata
from functools import lru_cache

from portal.showcase.redaction import lexicon

_SPELLINGS = (
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"tch|tsj|tsh|tj|cz|tch", "C"),
        (r"sch|sh|sj|ch(?=[aeiouy])|sz", "S"),
        (r"x", "ks"),
        (r"kh|gh", "H"),
        (r"dj|dzj|zh|zj|j(?=[aou])", "J"),
        (r"ph|v(?=$)", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ck|qu|c(?=[aou])|q|c(?=$)|c(?=[rl])", "k"),
        (r"c(?=[eiy])", "s"),
        (r"oe|ou|oo|u|w|v", "u"),
        (r"ij|ei|y|ee|ie|j|i|e", "i"),
        (r"[hH]", ""),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)[aeoui]+$", ""),
    )
)
_RULES = tuple(_SPELLINGS)
_BONES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"sch|sh|sj|ch(?=[aeiouy])", "s"),
        (r"kh|gh", "h"),
        (r"dj|zh|zj|j", "g"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ph|p|v", "b"),
        (r"[cq]", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"(?<=.)h$", ""),
        (r"[aeiouyw]", ""),
        (r"(.)\1+", r"\1"),
    )
)
_ABJADS = ("ARABIC", "HEBREW", "SYRIAC")


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A rough key: two writings of one name share it, most other words do not."""
    for rule, plain in _RULES:
        word = rule.sub(plain, word)
    return word


@lru_cache(maxsize=4096)
def bones(word: str) -> str:
    """The consonants, for alphabets that write no others."""
    for rule, plain in _BONES:
        word = rule.sub(plain, word)
    return word


def script(char: str) -> str:
    """The first word of a character's name tells its alphabet."""
    return unicodedata.name(char, "").split(" ", 1)[0]


def writes_no_vowels(word: str) -> bool:
    """Arabic and Hebrew leave most vowels to the reader."""
    return any(script(char) in _ABJADS for char in word)


def romanised(word: str) -> str:
    """A word of another alphabet in Latin letters."""
    return "".join(_letter(char) for char in unicodedata.normalize("NFC", word.lower()))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    known = lexicon.pairs("romanisation").get(char)
    if known is not None:
        return "" if known == "-" else known
    if unicodedata.category(char)[0] in "MC":
        return ""
    return unicodedata.name(char, "").rsplit(" ", 1)[-1].lower()

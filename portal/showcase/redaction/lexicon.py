"""The word lists beside the code: edited by people who know the words, loaded once."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_FOLDER = files("portal.showcase.redaction").joinpath("words")
_GAP = r"(?:[\s'\-]+)"
_NO_NAME = r"(?!(?i:the|de|het|een|in|la|le|les|un|une|an?|his|her|my|zijn|haar|mijn|ma|sa|son|mon|was|out|from|after|since|naar|uit|van|deze|die|cette|cet|ce|former|during|while|and|en|et|for|op|bij|to|au|du|our|this|that|no|its|high|secondary|primary|vocational|technical|evening|night|trade|middle|nursery|driving|cooking)\b)"
_NAME = _NO_NAME + r"(?-i:[A-Z][\w'&.\-]*(?:[ ](?:(?:de|du|la|le|van|der|des|en|et|of|&)[ ])?[A-Z][\w'&\-]*){0,3})"
_BLANK_OR_CLASS = re.compile(r"\(\?<[=!][^()]*\)|\[[^\]]*\]| ")


def _lines(name: str) -> list[str]:
    """The lines of a list, without its remarks."""
    text = _FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8")
    kept = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line for line in kept if line]


@cache
def words(name: str) -> frozenset[str]:
    """A plain list, several words a line, parted by commas."""
    found = (word.strip() for line in _lines(name) for word in line.split(","))
    return frozenset(filter(None, found))


@cache
def pairs(name: str) -> dict[str, str]:
    """A list of `value: key key key` lines, turned round so that each key gives its value."""
    turned: dict[str, str] = {}
    for line in _lines(name):
        value, _, keys = line.partition(":")
        turned.update(dict.fromkeys(keys.split(), value.strip()))
    return turned


@cache
def groups(name: str) -> tuple[frozenset[str], ...]:
    """A list of `word, word, word` lines whose words stand for each other."""
    return tuple(frozenset(word.strip() for word in line.split(",")) for line in _lines(name))


@cache
def sections(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """A list of `cue cue: word, word` lines."""
    parted = (line.partition(":") for line in _lines(name))
    return tuple((tuple(cues.split()), tuple(word.strip() for word in names.split(","))) for cues, _, names in parted)


@cache
def table(name: str) -> dict[str, Any]:
    """A list that is sorted by language and use."""
    with _FOLDER.joinpath(f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def sequence(name: str) -> tuple[str, ...]:
    """A short list whose order matters."""
    return tuple(table("small_words")[name].split())


@cache
def terms(name: str) -> frozenset[str]:
    """A short list of small words."""
    return frozenset(sequence(name))


def expressions(lines: str) -> list[str]:
    """One regular expression a line; a blank stands for whatever may part two words."""
    kept = (line.strip() for line in lines.splitlines())
    return [_spelled_out(line) for line in kept if line and not line.startswith("#")]


def _spelled_out(line: str) -> str:
    """Only blanks between words are widened, not those inside a class or a look-behind."""

    def widen(match: re.Match[str]) -> str:
        return _GAP if match[0] == " " else match[0]

    return _BLANK_OR_CLASS.sub(widen, line).replace("{place}", _NAME)

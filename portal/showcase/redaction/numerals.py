"""Number words as digits, so that a number cannot hide by being spelled out."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.folding import Reading

_MONTH_AFTER = re.compile(
    r"\s(?:of |van )?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|janvier|fevrier|mars"
    r"|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|may|june|july|august|october)(?!\w)"
    r"|\sdu (?:premier|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze)\s(?=\w)"
)
_WORD = re.compile(r"[^\W\d_]+?(?=jarige?n?(?!\w))|[^\W\d_]+")
_NL_UNITS = lexicon.sequence("numerals_nl_units")
_NL_TENS = lexicon.sequence("numerals_nl_tens")
_EN_UNITS = lexicon.sequence("numerals_en_units")
_EN_TENS = lexicon.sequence("numerals_en_tens")
_EN_ORDINALS = lexicon.sequence("numerals_en_ordinals")
_FR_UNITS = lexicon.sequence("numerals_fr_units")
_FR_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_FR_TENS |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
_ARTICLES = frozenset({"een", "un", "une", "one", "first", "second", "neuf", "onze", "cent"})


@cache
def _dutch() -> dict[str, int]:
    """Dutch writes numbers under a thousand as one word, so a list holds them all."""
    small = {word: value for value, word in enumerate(_NL_UNITS)}
    for ten, word in enumerate(_NL_TENS, start=2):
        small[word] = ten * 10
        small.update({f"{unit}en{word}": ten * 10 + value for value, unit in enumerate(_NL_UNITS[1:10], 1)})
    numbers = dict(small)
    for hundreds in range(1, 20):
        head = "honderd" if hundreds == 1 else f"{_NL_UNITS[hundreds]}honderd"
        numbers[head] = hundreds * 100
        for word, value in small.items():
            numbers[head + word] = numbers[f"{head}en{word}"] = hundreds * 100 + value
    ordinals = {_dutch_ordinal(word): value for word, value in small.items() if 1 <= value <= 31}
    thousands = {f"{unit}duizend": value * 1000 for value, unit in enumerate(_NL_UNITS[2:10], 2)}
    return {**thousands, "duizend": 1000, "oh": 0, **ordinals, **numbers}


def _dutch_ordinal(word: str) -> str:
    special = {"een": "eerste", "drie": "derde", "acht": "achtste"}
    return special.get(word) or word + ("ste" if word.endswith("ig") else "de")


@cache
def _english() -> dict[str, int]:
    numbers = {word: value for value, word in enumerate(_EN_UNITS)}
    numbers |= {word: ten * 10 for ten, word in enumerate(_EN_TENS, start=2)}
    ordinals = {word: value for value, word in enumerate(_EN_ORDINALS[:-1], 1)}
    return {**ordinals, "thirtieth": 30, **numbers, "oh": 0, "nought": 0}


@cache
def _french() -> dict[str, int]:
    numbers = {word: value for value, word in enumerate(_FR_UNITS)}
    glued = {
        f"{ten}{link}{unit}": value + number
        for ten, value in _FR_TENS.items()
        for number, unit in enumerate(_FR_UNITS[1:10], 1)
        for link in ("", "et")
    }
    return {**glued, **numbers, **_FR_TENS, "premier": 1, "vingts": 20, "cents": 100, "cent": 100, "mille": 1000}


_WORDS: dict[str, Callable[[], dict[str, int]]] = {"nl": _dutch, "fr": _french, "en": _english}


@cache
def _glued() -> re.Pattern[str]:
    """Digits said in one breath, "nulvierzeventig"; it takes a nought to be sure."""
    longest = sorted((word for word, value in _dutch().items() if value < 100), key=len, reverse=True)
    return re.compile(rf"nul(?:{'|'.join(longest)})+")


def _split_glued(plain: Reading) -> Reading:
    """Blanks between digits that were glued together, so that they read as words."""
    pieces: list[tuple[str, int, int]] = []
    last = 0
    for match in _glued().finditer(plain.lower):
        for part in re.finditer("|".join(sorted(_dutch(), key=len, reverse=True)), match[0]):
            start, end = match.start() + part.start(), match.start() + part.end()
            pieces += [*plain.pieces(last, start), (" ", *plain.origin(start, start + 1)), *plain.pieces(start, end)]
            last = end
    return Reading.of([*pieces, *plain.pieces(last)])


def digits(plain: Reading, lang: str) -> Reading | None:
    """The reading with numbers in digits; nothing where the text spells out none."""
    if lang not in {"fr", "en"} and _glued().search(plain.lower):
        plain = _split_glued(plain)
    found = [match for match in _WORD.finditer(plain.lower)]
    numbers = _WORDS.get(lang, _dutch)()
    if not any(
        match[0] in numbers and (match[0] not in _ARTICLES or _of_a_month(plain.lower, match)) for match in found
    ):
        return None
    pieces: list[tuple[str, int, int]] = []
    last = 0
    for start, end, number in _numbers(plain.lower, found, lang):
        pieces += plain.pieces(last, start)
        pieces.append((number, *plain.origin(start, end)))
        last = end
    return Reading.of([*pieces, *plain.pieces(last)])


def _numbers(text: str, found: list[re.Match[str]], lang: str) -> Iterator[tuple[int, int, str]]:
    """Each spelled-out number, with its stretch of text."""
    join = {"fr": _join_french, "en": _join_english}.get(lang, _join_dutch)
    numbers = _WORDS.get(lang, _dutch)()
    index = 0
    while index < len(found):
        run = _run(text, found, index, numbers, lang)
        article = len(run) == 1 and run[0] in _ARTICLES and not _after_number(text, found, index, numbers)
        if run and not (article and not _beside_digits(text, found[index]) and not _of_a_month(text, found[index])):
            used, number = join(run, numbers)
            yield found[index].start(), found[index + used - 1].end(), number
            index += used
        else:
            index += 1


def _after_number(text: str, found: list[re.Match[str]], index: int, numbers: dict[str, int]) -> bool:
    """ "oh four nine one": the last of several figures."""
    if index < 2 or found[index - 1][0] not in numbers or found[index - 2][0] not in numbers:
        return False
    return text[found[index - 1].end() : found[index].start()] in {" ", "-"}


def _of_a_month(text: str, match: re.Match[str]) -> bool:
    """ "één maart", "the second of November": here it is a day."""
    return bool(_MONTH_AFTER.match(text, match.end()))


def _beside_digits(text: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\d[\s\-]*$", text[max(0, match.start() - 3) : match.start()]))


def _run(text: str, found: list[re.Match[str]], index: int, numbers: dict[str, int], lang: str) -> list[str]:
    """The number words from here on that only blanks or hyphens part."""
    run: list[str] = []
    extra = {"fr": {"et"}, "en": {"double", "triple", "hundred", "thousand"}}.get(lang, {"en"})
    for place in range(index, len(found)):
        if found[place][0] not in numbers and found[place][0] not in extra:
            break
        if run and not re.fullmatch(r"[\s\-]{1,3}", text[found[place - 1].end() : found[place].start()]):
            break
        run.append(found[place][0])
    while run and run[-1] in extra - {"hundred", "thousand"}:
        run.pop()
    return run


def _join_dutch(run: list[str], numbers: dict[str, int]) -> tuple[int, str]:
    """Hundreds take what follows: "negentienhonderd zevenentachtig" is one year."""
    if run[0] not in numbers:
        return 1, run[0]
    value = numbers[run[0]]
    if len(run) > 1 and 1 < value < 100 and run[1] in {"honderd", "duizend"}:
        return _dutch_product(run, numbers, value)
    if len(run) > 2 and run[1] == "en" and value < 10 and numbers.get(run[2], 0) in range(20, 100, 10):
        return 3, str(numbers[run[2]] + value)
    if len(run) > 1 and run[1] not in numbers:
        return 1, str(value)
    if len(run) > 1 and value >= 100 and value % 100 == 0 and 9 < numbers[run[1]] < 100:
        return 2, str(value + numbers[run[1]])
    return 1, str(value)


def _dutch_product(run: list[str], numbers: dict[str, int], value: int) -> tuple[int, str]:
    """ "Vierentachtig honderd" and "twee duizend achthonderd"."""
    value *= 100 if run[1] == "honderd" else 1000
    rest = numbers.get(run[2], 0) if len(run) > 2 else 0
    return (3, str(value + rest)) if 0 < rest < 1000 <= value else (2, str(value))


def _join_english(run: list[str], numbers: dict[str, int]) -> tuple[int, str]:
    """Tens take units, "double one" is two digits, and "nineteen seventy" a year."""
    if run[0] in {"double", "triple"} and len(run) > 1 and run[1] in numbers:
        return 2, str(numbers[run[1]]) * (2 if run[0] == "double" else 3)
    if run[0] not in numbers:
        return 1, run[0]
    value, used = numbers[run[0]], 1
    if value in {19, 20} and len(run) > 1 and run[1] in numbers and numbers[run[1]] >= 10:
        more, tail = _join_english(run[1:], numbers)
        return 1 + more, f"{value}{tail}"
    if value >= 20 and len(run) > 1 and 0 < numbers.get(run[1], 0) < 10:
        value, used = value + numbers[run[1]], 2
    if run[used : used + 1] in (["hundred"], ["thousand"]):
        value, used = value * (100 if run[used] == "hundred" else 1000), used + 1
        if value >= 1000 and run[used + 1 : used + 2] == ["hundred"]:
            value, used = value + numbers.get(run[used], 0) * 100, used + 2
    return used, str(value)


def _join_french(run: list[str], numbers: dict[str, int]) -> tuple[int, str]:
    """[thousand] [hundreds] [tens] [units], each taken once, in that order."""
    used, value = 0, 0
    if run[0] == "et":
        return 1, ""
    if run[used] == "mille" and len(run) > 1:
        used, value = 1, 1000
    if len(run) > 1 and 1 < numbers.get(run[0], 99) < 10 and run[1] == "mille":
        used, value = 2, numbers[run[0]] * 1000
    if used == len(run):
        return used, str(value)
    if used + 1 < len(run) and numbers.get(run[used], 99) < 10 and run[used + 1] in {"cent", "cents"}:
        used, value = used + 2, value + numbers[run[used]] * 100
        if used == len(run) or numbers.get(run[used], 0) == 0:
            return used, str(value)
    more, rest = _under_hundred(run[used:], numbers)
    return used + more, str(value + rest)


def _under_hundred(run: list[str], numbers: dict[str, int]) -> tuple[int, int]:
    if run[0] == "quatre" and len(run) > 1 and run[1] in {"vingt", "vingts"}:
        used, value = 2, 80
    elif run[0] in _FR_TENS:
        used, value = 1, _FR_TENS[run[0]]
    else:
        return 1, numbers.get(run[0], 0)
    if used + 1 < len(run) and run[used] == "et":
        used += 1
    room = 20 if value in {60, 80} else 10
    unit = numbers.get(run[used], 0) if used < len(run) else 0
    if value in {60, 80} and unit == 10 and used + 1 < len(run) and 6 < numbers.get(run[used + 1], 0) < 10:
        return used + 2, value + 10 + numbers[run[used + 1]]
    return (used + 1, value + unit) if 0 < unit < room else (used, value)

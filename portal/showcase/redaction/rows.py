"""How a turn of phrase is written down: a row of places, each with the words that may stand there.

zit|zat ..4 <vast|binnen>     "..4": up to four other words; "< >": what is shown, the whole row without it
[een|de] straf* #             "[ ]": may be missing; "*": any beginning or ending; "#": a number
##                            an age: a number from 16 to 79
@kin  school_lopen  ^         "@": a class of words; "_": words that belong together; "^": a capital
*euse|~perceuse               "~": but not this word
!van  -@food  +@judge         "!" behind or before the row: not next to it; "-": none near; "+": some near
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Kind
from portal.showcase.redaction.phrases import Sentence, Words

NUMBERS = lexicon.terms("row_numbers")


@dataclass(frozen=True, slots=True)
class Item:
    """One place in a row: words, beginnings and endings that may stand there, or how many others."""

    words: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    number: bool = False
    age: bool = False
    capital: bool = False
    optional: bool = False
    gap: int = 0

    @property
    def closed(self) -> bool:
        """Only words that it lists may stand here, and one must."""
        return not (self.starts or self.ends or self.number or self.age or self.capital or self.optional or self.gap)

    def heads(self) -> frozenset[str]:
        """The first word of whatever may stand here."""
        return self.words | frozenset(self.phrases)

    def fits(self, text: Sentence, index: int) -> bool:
        """Whether the one word at this place may stand here."""
        word = text.words[index]
        if word.lower in self.never:
            return False
        if word.lower in self.words or (self.starts and word.lower.startswith(self.starts)):
            return True
        if self.ends and len(word.lower) > 4 and word.lower.endswith(self.ends):
            return True
        if self.number and (word.lower.isdigit() or word.lower in NUMBERS):
            return True
        if self.age and word.lower.isdigit() and len(word.lower) == 2 and "16" <= word.lower <= "79":
            return True
        return self.capital and word.capital and not text.shouting


@dataclass(slots=True)
class Row:
    """A turn of phrase: its places in order, which of them are shown, and what must or must not be near."""

    kind: Kind
    items: list[Item] = field(default_factory=list)
    first: int = 0
    last: int = -1
    not_before: Item | None = None
    not_after: Item | None = None
    near: Item | None = None
    not_near: Item | None = None
    needs: list[frozenset[str]] = field(default_factory=list)
    """Sets of words of which a text must have one each; most rows fall for want of one."""

    def possible(self, present: AbstractSet[str]) -> bool:
        """Whether a text with these words can have this turn at all."""
        return not any(need.isdisjoint(present) for need in self.needs)


def rows(kind: Kind, lines: str, classes: Mapping[str, str], unless: str = "") -> Iterator[Row]:
    """One row a line; a line that begins with "//" is a remark. None holds near a word of `unless`."""
    veto = "-" + "|".join(unless.split()) if unless else ""
    for line in lines.splitlines():
        if line.strip() and not line.lstrip().startswith("//"):
            yield _row(kind, [*line.split(), *filter(None, [veto])], classes)


def _row(kind: Kind, tokens: Iterable[str], classes: Mapping[str, str]) -> Row:
    row = Row(kind)
    for token in tokens:
        if token[0] in "!+-":
            _condition(row, token[0], _item(token[1:], classes))
            continue
        if token.startswith("<"):
            row.first = len(row.items)
        if token.endswith(">"):
            row.last = len(row.items)
        row.items.append(_item(token.strip("<>"), classes))
    if row.last < 0:
        row.last = len(row.items) - 1
    row.needs = [item.heads() for item in row.items[1:] if item.closed]
    return row


def _condition(row: Row, sign: str, item: Item) -> None:
    if sign == "+":
        row.near = item
    elif sign == "-":
        row.not_near = item if row.not_near is None else _either(row.not_near, item)
    elif row.items:
        row.not_after = item
    else:
        row.not_before = item


def _either(one: Item, other: Item) -> Item:
    return Item(words=one.words | other.words, starts=one.starts + other.starts, ends=one.ends + other.ends)


def _item(token: str, classes: Mapping[str, str]) -> Item:
    if token.startswith(".."):
        return Item(gap=int(token[2:]))
    optional = token.startswith("[")
    words = list(_spelled_out(token.strip("[]"), classes))
    plain = [word for word in words if not set("*_#^~") & set(word)]
    return Item(
        words=frozenset(plain),
        starts=tuple(word.rstrip("*") for word in words if word.endswith("*") and not word.startswith("*")),
        ends=tuple(word.lstrip("*") for word in words if word.startswith("*")),
        phrases=_by_first(tuple(word.split("_")) for word in words if "_" in word and word[0] != "~"),
        never=frozenset(word[1:] for word in words if word.startswith("~")),
        number="#" in words,
        age="##" in words,
        capital="^" in words,
        optional=optional,
    )


def _by_first(phrases: Iterable[Words]) -> dict[str, tuple[Words, ...]]:
    table: dict[str, tuple[Words, ...]] = {}
    for phrase in phrases:
        table[phrase[0]] = (*table.get(phrase[0], ()), phrase)
    return table


def _spelled_out(token: str, classes: Mapping[str, str]) -> Iterator[str]:
    """The words of a place, with those of the classes it names."""
    for word in token.split("|"):
        if word.startswith("@"):
            yield from (inner for each in classes[word[1:]].split() for inner in _spelled_out(each, classes))
        elif word:
            yield word

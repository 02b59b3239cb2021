"""Local recoding: each card says as much as it can while at least k cards say exactly the same (privacy.md, stage 0).

Pure. A value is a way from the coarsest word to the finest, such as ("belgium", "flanders", "east_flanders",
"ghent_area"); ways may differ in length. All cards begin at the coarsest words and form one class; a class is split
along one field as long as every part keeps k members, so no class can ever be smaller than k.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

Way = tuple[str, ...]

# What an employer is helped by most comes first: it wins when two fields could be split equally well.
FIELDS = ("fit", "region", "sector", "experience", "availability")


@dataclass(frozen=True)
class Ways:
    """One person's values, by field."""

    number: int
    ways: Mapping[str, Way]


@dataclass(frozen=True)
class _Class:
    """People whose cards are the same: how far along its way each field is told."""

    members: tuple[Ways, ...]
    depth: Mapping[str, int]


def recode(people: Sequence[Ways], k: int) -> dict[int, dict[str, str]]:
    """The card of each person, by number. Empty when there are fewer than k people: then nothing is told at all."""
    if len(people) < k:
        return {}
    done: dict[int, dict[str, str]] = {}
    todo = [_Class(tuple(people), dict.fromkeys(FIELDS, 0))]
    while todo:
        group = todo.pop()
        parts = _best_split(group, k)
        if parts:
            todo.extend(parts)
        else:
            done.update({one.number: _words(one, group.depth) for one in group.members})
    return done


def class_sizes(cards: Mapping[int, Mapping[str, str]]) -> dict[int, int]:
    """How many cards are the same as each card, itself included."""
    sizes = Counter(_same(card) for card in cards.values())
    return {number: sizes[_same(card)] for number, card in cards.items()}


@dataclass(frozen=True)
class Coarser:
    """A field of somebody's card that says less than is known: `sharing` people of the same card share the finer word."""

    field: str
    says: str
    finer: str
    sharing: int


def coarser(people: Sequence[Ways], cards: Mapping[int, Mapping[str, str]], number: int) -> list[Coarser]:
    """Where a person's card had to stay coarse, field by field; nothing for somebody who has no card."""
    own, by_number = cards.get(number), {one.number: one for one in people}
    if own is None:
        return []
    same = [by_number[other] for other, card in cards.items() if _same(card) == _same(own)]
    found = []
    for field in FIELDS:
        way = by_number[number].ways[field]
        at = way.index(own[field]) + 1
        if at < len(way):
            sharing = sum(len(one.ways[field]) > at and one.ways[field][at] == way[at] for one in same)
            found.append(Coarser(field, own[field], way[at], sharing))
    return found


def _same(card: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(card[field] for field in FIELDS)


def _words(one: Ways, depth: Mapping[str, int]) -> dict[str, str]:
    return {field: one.ways[field][depth[field]] for field in FIELDS}


def _best_split(group: _Class, k: int) -> list[_Class]:
    """The split after which most people's cards say more; none when every split would leave a class under k."""
    best: list[_Class] = []
    most = 0
    for field in FIELDS:
        parts, told = _split(group, field, k)
        if told > most:
            best, most = parts, told
    return best


def _split(group: _Class, field: str, k: int) -> tuple[list[_Class], int]:
    """The classes after telling one field one word further, and for how many people that is told."""
    further: dict[str, list[Ways]] = defaultdict(list)
    staying: list[Ways] = []
    at = group.depth[field] + 1
    for one in group.members:
        way = one.ways[field]
        (further[way[at]] if len(way) > at else staying).append(one)
    large = sorted((part for part in further.values() if len(part) >= k), key=len)
    staying += [one for part in further.values() if len(part) < k for one in part]
    # A rest under k would stand out: the smallest parts keep it company, so that it can stay where it is.
    while large and 0 < len(staying) < k:
        staying += large.pop(0)
    deeper = {**group.depth, field: at}
    parts = [replace(group, members=tuple(part), depth=deeper) for part in large]
    if parts and staying:
        parts.append(replace(group, members=tuple(staying)))
    return parts, sum(map(len, large))

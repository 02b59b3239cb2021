"""Small changes of a vacancy, and how many more people each would admit. For the team, who then calls the company.

Pure but for the closed lists. The counts are exact: they never leave the team.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from portal.employers.needs import Needs
from portal.foundation.options import choices, label, options
from portal.foundation.words import _, time_short
from portal.showcase.matching import Coded, licence_allows, meets, missing

_STEP = 30
_FIXED = {"flexible", "weekend"}


@dataclass(frozen=True)
class Change:
    """One requirement made a little easier. `about` is the code of `matching.missing` that it answers."""

    about: str
    text: str
    needs: Needs


@dataclass(frozen=True)
class Admits:
    change: Change
    number: int


def changes(needs: Needs, competences: Mapping[int, str]) -> list[Change]:
    """Every small change: never two at once, never one that asks more."""
    return [
        *_learnable(needs, competences), *_without_licence(needs), *_less_language(needs), *_other_hours(needs),
        *_other_form(needs),
    ]  # fmt: skip


def admitted(needs: Needs, people: Iterable[Coded], competences: Mapping[int, str]) -> list[Admits]:
    """The changes that admit somebody, by how many more people they admit."""
    near = _near(needs, people)
    counted = [Admits(one, _count(one, near)) for one in changes(needs, competences)]
    return sorted((one for one in counted if one.number), key=lambda one: -one.number)


def that_admit(needs: Needs, person: Coded, people: Iterable[Coded], competences: Mapping[int, str]) -> list[Admits]:
    """The changes that would admit this person, with how many people of the pool each admits."""
    lacks = missing(needs, person)
    if len(lacks) != 1:
        return []
    near = _near(needs, people)
    fitting = [one for one in changes(needs, competences) if one.about == lacks[0] and meets(one.needs, person)]
    return [Admits(one, max(1, _count(one, near))) for one in fitting]


def _near(needs: Needs, people: Iterable[Coded]) -> list[tuple[str, Coded]]:
    """Whom one change can admit: people who lack exactly one thing."""
    found = ((missing(needs, one), one) for one in people)
    return [(lacks[0], one) for lacks, one in found if len(lacks) == 1]


def _count(change: Change, near: Sequence[tuple[str, Coded]]) -> int:
    return sum(lacks == change.about and meets(change.needs, one) for lacks, one in near)


def _learnable(needs: Needs, competences: Mapping[int, str]) -> Iterator[Change]:
    for one in sorted(needs.must):
        easier = replace(needs, must=needs.must - {one}, learnable=needs.learnable | {one})
        name = competences.get(one, str(one))
        yield Change(f"competence:{one}", _("“%(competence)s” is learnt on the job", competence=name), easier)


def _without_licence(needs: Needs) -> Iterator[Change]:
    if not licence_allows("none", needs.licence):
        yield Change("licence", _("no driving licence is needed"), replace(needs, licence="none"))


def _less_language(needs: Needs) -> Iterator[Change]:
    levels = list(options("candidates", "language_levels").values())
    by_rank = {int(one.data["rank"]): one for one in levels}
    for code, level in needs.languages.items():
        rank = next((int(one.data["rank"]) for one in levels if one.code == level), 0)
        if rank:
            lower = by_rank[rank - 1]
            spoken = label("candidates", "languages", code)
            words = (
                _("%(language)s %(level)s is enough", language=spoken, level=lower.data["cefr"])
                if rank > 1
                else _("%(language)s is not needed", language=spoken)
            )
            yield Change(f"language:{code}", words, replace(needs, languages={**needs.languages, code: lower.code}))


def _other_hours(needs: Needs) -> Iterator[Change]:
    if needs.shift in _FIXED:
        return
    for minutes in (_STEP, -_STEP):
        start, end = _moved(needs.hours_from, minutes), _moved(needs.hours_until, minutes)
        words = _("from %(start)s to %(end)s", start=time_short(start), end=time_short(end))
        yield Change("hours", words, replace(needs, hours_from=start, hours_until=end))


def _moved(moment: time, minutes: int) -> time:
    total = (moment.hour * 60 + moment.minute + minutes) % (24 * 60)
    return time(total // 60, total % 60)


def _other_form(needs: Needs) -> Iterator[Change]:
    if not needs.forms:
        return
    for code, name in choices("candidates", "employment_forms"):
        if code not in needs.forms:
            yield Change("forms", _("also %(form)s", form=name), replace(needs, forms=needs.forms | {code}))

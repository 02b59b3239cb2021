"""How many people of the pool a way of asking reaches: in steps of five, for a company (docs/privacy.md, How many fit).

Counted are people whose profile the last batch left in sight. What keeps the answers from finding somebody out:

- a number is a step that is reached *at least* (5, 10, 15 …); under five, or under the programme's own k, it is "few";
- a requirement is named only where leaving it out brings at least k people more: a difference that is shown is never one
  to four people;
- each day one person in eight sits out of all counts, drawn by a key that no company has: a step that is reached or not
  tells of nobody for sure.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from portal.employers.needs import Needs
from portal.employers.rules import rule
from portal.employers.vacancy_reach import Counted
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.programmes.models import Programme
from portal.showcase import pool
from portal.showcase.bitsets import Sets, numbers

STEP = 5
SITTING_OUT = 8


def counted(programme_id: int, asked: Needs) -> Counted | None:
    """The steps for one way of asking; None while the pool is being read. As many queries for any pool."""
    sets = pool.as_it_stands(programme_id)
    k = db.session.scalar(sa.select(Programme.k).where(Programme.id == programme_id))
    if sets is None or k is None:
        return None
    return steps(sets, asked, max(int(k), STEP), sitting_out(sets))


def steps(sets: Sets, needs: Needs, k: int, away: int) -> Counted:
    """Pure. `away`: who sits out today, as a set of bits."""
    everybody = (sets.meeting(needs) & ~away).bit_count()
    least = max(k, rule("vacancies", "hint_from"))
    found: list[tuple[int, str]] = []
    for what, fewer in without_each(needs):
        more = (sets.meeting(fewer) & ~away).bit_count()
        if more - everybody >= least and step(more, k) > step(everybody, k):
            found.append((step(more, k), what))
    found.sort(key=lambda one: (-one[0], one[1]))
    shown = [[what, number] for number, what in found[: rule("vacancies", "hints_shown")]]
    return {"all": step(everybody, k), "without": shown}


def step(number: int, k: int) -> int:
    """The step of five that is reached at least; 0 for few."""
    return number // STEP * STEP if number >= k else 0


def without_each(needs: Needs) -> Iterator[tuple[str, Needs]]:
    """The same way of asking with one requirement less, for each."""
    for one in sorted(needs.must):
        yield f"competence:{one}", replace(needs, must=needs.must - {one})
    if needs.licence not in ("", "none"):
        yield "licence", replace(needs, licence="none")
    for code, level in sorted(needs.languages.items()):
        if level != "not_needed":
            yield f"language:{code}", replace(needs, languages={**needs.languages, code: "not_needed"})
    if needs.shift != "flexible":
        yield "hours", replace(needs, shift="flexible")
    if needs.forms:
        yield "forms", replace(needs, forms=frozenset())


_drawn: dict[str, Any] = {}


def sitting_out(sets: Sets) -> int:
    """Who is left out of every count of this day: the same for all companies, kept while the pool stands."""
    day = clock.today().isoformat()
    if _drawn.get("of") == (day, sets.everybody):
        return int(_drawn["away"])
    away = 0
    for number in numbers(sets.everybody):
        if int(crypto.mark("sits out", f"{day}:{number}")[:8], 16) % SITTING_OUT == 0:
            away |= 1 << number
    _drawn.update(of=(day, sets.everybody), away=away)
    return away

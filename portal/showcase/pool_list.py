"""The pool as the team reads it: blind rows of codes, a page at a time by their last row, searched by what people can do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from werkzeug.datastructures import MultiDict

from portal.candidates import handles
from portal.competences.models import Competence, Occupation, Sector
from portal.foundation import edges
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.lists import Page, may_stay
from portal.foundation.options import label, options
from portal.foundation.words import language
from portal.showcase import pool
from portal.showcase.models import PoolPerson, PoolSkill
from portal.showcase.pool import Wish

SIZE = 30
MOST_SKILLS = 10
_TOP = 3
_LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Row:
    """Somebody of the pool in the reader's words; `case_key` only of the reader's own people."""

    occupation: str
    region: str
    experience: str
    availability: str
    hours: str
    skills: tuple[tuple[str, int], ...]
    case_key: str


@dataclass(frozen=True)
class Chosen:
    """A competence that is searched: its name, from which level, what the address says of it, and the address without it."""

    name: str
    level: int
    text: str
    without: str


@dataclass(frozen=True)
class Catalogue:
    """What may be searched: the sectors and competences that somebody in a pool has, in the reader's words."""

    sectors: Mapping[str, str]
    groups: Mapping[str, tuple[tuple[int, str], ...]]
    names: Mapping[int, str]


def catalogue() -> Catalogue:
    """In one query; a competence that nobody has is not offered."""
    tongue = language()
    has = sa.exists().where(PoolSkill.competence_id == Competence.id)
    rows = db.session.connection().execute(
        sa.select(Competence.id, getattr(Competence, tongue), Sector.code, getattr(Sector, tongue))
        .outerjoin(Sector, Sector.id == Competence.sector_id)
        .where(has)
        .order_by(Sector.id.is_not(None), Sector.id, getattr(Competence, tongue))
    )
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    sectors, names = {}, {}
    for number, name, code, sector in rows:
        groups[sector or ""].append((number, name))
        names[number] = name
        if code:
            sectors[code] = sector
    return Catalogue(sectors, {sector: tuple(some) for sector, some in groups.items()}, names)


def asked(args: MultiDict[str, str], known: Mapping[int, str]) -> Wish:
    """What the address asks; what no list knows is left out."""
    skills = dict(_skill(text) for text in (*args.getlist("skill"), f"{args.get('more', '')}:{args.get('level', '')}"))
    region = args.get("region", "")
    return Wish(
        sector=args.get("sector", "")[:60],
        regions=_within(region),
        licence=_of("licences", args.get("licence", "")),
        form=_of("employment_forms", args.get("form", "")),
        skills=tuple((one, level) for one, level in skills.items() if one in known)[:MOST_SKILLS],
    )


def chosen(wish: Wish, known: Mapping[int, str]) -> list[Chosen]:
    texts = {one: f"{one}:{level}" for one, level in wish.skills}
    return [
        Chosen(known[one], level, texts[one], _address(skill=[text for text in texts.values() if text != texts[one]]))
        for one, level in wish.skills
    ]


def _of(key: str, code: str) -> str:
    return code if code in options("candidates", key) else ""


def _skill(text: str) -> tuple[int, int]:
    number, _colon, level = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return 0, 1
    return int(number), int(level) if level in {str(one) for one in _LEVELS} else 2


def _within(code: str) -> frozenset[str]:
    """A region with all that lies in it; the country asks nothing."""
    known = options("candidates", "regions")
    if code not in known or not known[code].data["parent"]:
        return frozenset()
    inside = {code}
    while more := {one for one, entry in known.items() if entry.data["parent"] in inside} - inside:
        inside |= more
    return frozenset(inside)


def page(viewer: Viewer, programme_id: int, wish: Wish) -> Page[Row]:
    """The page that the address asks for. Its edge is one number, sealed; the way back is the browser's own."""
    after = _edge()
    numbers = pool.found(programme_id, wish, after=after, most=SIZE + 1)
    more, numbers = len(numbers) > SIZE, numbers[:SIZE]
    rows = _rows(viewer, numbers)
    return Page(rows, _url(numbers[-1]) if more else None)


def _rows(viewer: Viewer, numbers: Sequence[int]) -> list[Row]:
    own = sa.case((PoolPerson.candidate_id.in_(handles.cases_of_worker(viewer.me)), PoolPerson.candidate_id))
    found = db.session.connection().execute(
        sa.select(
            PoolPerson.profile_id, PoolPerson.region, PoolPerson.experience, PoolPerson.availability, PoolPerson.hours_band,
            getattr(Occupation, language()), own,
        )
        .outerjoin(Occupation, Occupation.code == PoolPerson.occupation)
        .where(PoolPerson.profile_id.in_(numbers))
        .order_by(PoolPerson.profile_id)
    ).all()  # fmt: skip
    skills = _top_skills(numbers)
    cases = handles.handles([row[6] for row in found if row[6] is not None])
    return [
        Row(
            occupation or "", label("candidates", "regions", region), label("candidates", "experience_bands", experience),
            label("candidates", "availability_bands", availability), label("candidates", "hours_windows", hours),
            skills[number], cases[mine].key if mine in cases else "",
        )
        for number, region, experience, availability, hours, occupation, mine in found
    ]  # fmt: skip


def _top_skills(numbers: Sequence[int]) -> Mapping[int, tuple[tuple[str, int], ...]]:
    rows = db.session.connection().execute(
        sa.select(PoolSkill.profile_id, getattr(Competence, language()), PoolSkill.level)
        .join(Competence, Competence.id == PoolSkill.competence_id)
        .where(PoolSkill.profile_id.in_(numbers))
        .order_by(PoolSkill.level.desc(), PoolSkill.competence_id)
    )
    found: dict[int, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for number, name, level in rows:
        if len(found[number]) < _TOP:
            found[number] += ((name, level),)
    return found


def _edge() -> int:
    found = edges.opened(request.endpoint or "", request.args.get("after"))
    return int(found[0]) if found else 0


def is_first() -> bool:
    return _edge() == 0


def _url(number: int) -> str:
    return _address(after=edges.sealed(request.endpoint or "", number))


def _address(**values: Any) -> str:
    """This search with other values. What was added by hand stands among the competences from then on."""
    kept: dict[str, Any] = {
        name: request.args.getlist(name)
        for name in request.args
        if name not in {"after", "more", "level"} and may_stay(name)
    }
    if "skill" not in values and request.args.get("more"):
        kept["skill"] = [*kept.get("skill", []), f"{request.args['more']}:{request.args.get('level', '')}"]
    return url_for(request.endpoint or "", **{**kept, **values})

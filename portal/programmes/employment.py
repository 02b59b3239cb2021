"""Forms of employment: the six that every programme begins with, those that a coordinator adds, and what each asks.

A version of a programme's list is never changed; a form that is offered no more stays in it, so that whoever works under it
keeps its name. The six keep their own names, which the law gives them; what they ask, and whether they are offered, may differ.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from flask import has_app_context

from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.options import Option, kept_by, shipped
from portal.foundation.signals import employment_worded
from portal.foundation.words import LANGUAGES, lazy
from portal.programmes import queries, templates
from portal.programmes.models import Programme, Template, TemplateKind

LIST = "employment_forms"
_MEMO = "employment forms"
_LONGEST_CODE = 40


class SameName(DomainError):
    sentence = lazy("Another form of employment has this name already.")


class OneStays(DomainError):
    sentence = lazy("At least one form of employment must be offered.")
    field = "on"


class NothingChanged(DomainError):
    sentence = lazy("Nothing is different from the version that stands. Change something first.")


@dataclass(frozen=True)
class Asks:
    """What a form of employment asks before a start, and how it counts. `strict`: a paid contract (product.md, Figures)."""

    strict: bool = True
    insurance: bool = False
    vdab_first: bool = True
    right_to_work: bool = True
    dated: bool = False
    trial: bool = False


@dataclass(frozen=True)
class Names:
    nl: str
    fr: str
    en: str


# --- Reading ---


def everywhere() -> dict[str, Option]:
    """The six and what any programme added. What no programme offers any more is off."""
    found = dict(shipped("candidates", LIST))
    if not has_app_context():
        return found
    bodies = list(_bodies().values())
    for code, one in found.items():
        if bodies and all(_off(body, code) for body in bodies):
            found[code] = Option({**one.data, "off": True})
    for body in bodies:
        found |= {one["code"]: Option(one) for one in (body or {}).get(LIST, ()) if one["code"] not in found}
    return found


def of_programme(programme_id: int) -> dict[str, Option]:
    """The list of one programme, each with what it asks there; the six in their own words."""
    six, body = shipped("candidates", LIST), _bodies().get(programme_id)
    if body is None:
        return dict(six)
    return {one["code"]: Option({**one, **_words(six, one["code"])}) for one in body[LIST]}


def choices_of(programme_id: int, *, keep: str = "") -> list[tuple[str, str]]:
    """What a programme offers for a start; `keep`: what this start has already, offered or not."""
    own = of_programme(programme_id)
    found = [(code, one.label) for code, one in own.items() if not one.data.get("off") or code == keep]
    if keep and keep not in own:
        other = everywhere().get(keep)
        found.append((keep, other.label if other is not None else keep))
    return found


def asks(programme_id: int, code: str) -> Asks:
    """What a form asks in a programme. One that no list knows any more asks what a contract asks."""
    found = of_programme(programme_id).get(code) or everywhere().get(code)
    return asked_by(found) if found is not None else Asks()


def asked_by(one: Option) -> Asks:
    return Asks(**{name: bool(one.data.get(name, default)) for name, default in asdict(Asks()).items()})


def own(code: str) -> bool:
    """Whether a coordinator added it."""
    return code not in shipped("candidates", LIST)


def beside(programme_id: int, kind: TemplateKind) -> dict[str, Any]:
    """Another template of a programme as it stands, read together with the forms: for a page that needs both."""
    body = _read(sa.and_(Template.kind == kind, Template.programme_id == programme_id)).get((programme_id, kind))
    return body if body is not None else queries.shipped(kind)


def _bodies() -> Mapping[int, dict[str, Any] | None]:
    """The newest list of each programme, None for one that never changed it: one query for as long as a transaction lasts."""
    session = db.session()
    known = session.info.get(_MEMO)
    if known is None or known[0] is not session.get_transaction():
        _read(sa.false())
        known = session.info[_MEMO]
    return known[1]


def _read(also: sa.ColumnElement[bool]) -> dict[tuple[int, TemplateKind], dict[str, Any]]:
    """The newest versions of the forms everywhere, and of what else is asked, in one query."""
    session, other = db.session(), sa.orm.aliased(Template)
    newest = (
        sa.select(sa.func.max(other.version))
        .where(other.programme_id == Template.programme_id, other.kind == Template.kind)
        .correlate(Template)
        .scalar_subquery()
    )
    wanted = sa.or_(Template.kind == TemplateKind.EMPLOYMENT, also)
    mine = sa.and_(Template.programme_id == Programme.id, Template.version == newest, wanted)
    rows = session.execute(
        sa.select(Programme.id, Template.kind, Template.body).outerjoin(Template, mine).order_by(Programme.id)
    )
    found = {(row[0], row[1]): row[2] for row in rows}
    bodies = {programme: found.get((programme, TemplateKind.EMPLOYMENT)) for programme, _kind in found}
    session.info[_MEMO] = (session.get_transaction(), bodies)
    return found


def _off(body: dict[str, Any] | None, code: str) -> bool:
    return any(one["code"] == code and one.get("off") for one in (body or {}).get(LIST, ()))


def _words(six: Mapping[str, Option], code: str) -> dict[str, Any]:
    return {"label": six[code].data["label"]} if code in six else {}


# --- Editing ---


def add(programme_id: int, names: Names, asks: Asks, *, because: str, based_on: int) -> Template:
    """One form of employment more. Raises SameName, and templates.ChangedMeanwhile."""
    forms = _written(programme_id)
    _check_names(programme_id, names, but="")
    made = {"code": _new_code(programme_id), "label": asdict(names), **asdict(asks), "off": False}
    return _keep(programme_id, [*forms, made], because=because, based_on=based_on)


def change(
    programme_id: int, code: str, names: Names | None, asks: Asks, *, on: bool, because: str, based_on: int
) -> Template:
    """Other words (of what was added), other questions, or offered no more.

    Raises SameName, OneStays, NothingChanged, and templates.ChangedMeanwhile.
    """
    forms = _written(programme_id)
    before = next((one for one in forms if one["code"] == code), None)
    if before is None:
        raise NotFound()
    after = {**before, **asdict(asks), "off": not on}
    if names is not None and own(code):
        _check_names(programme_id, names, but=code)
        after["label"] = asdict(names)
    if after == {**before, **asdict(asked_by(Option(before))), "off": bool(before.get("off"))}:
        raise NothingChanged()
    changed = [after if one["code"] == code else one for one in forms]
    if all(one.get("off") for one in changed):
        raise OneStays()
    return _keep(programme_id, changed, because=because, based_on=based_on)


def _written(programme_id: int) -> list[dict[str, Any]]:
    return [dict(one.data) for one in of_programme(programme_id).values()]


def _keep(programme_id: int, forms: list[dict[str, Any]], *, because: str, based_on: int) -> Template:
    row = templates.write(programme_id, TemplateKind.EMPLOYMENT, {LIST: forms}, because=because, based_on=based_on)
    db.session().info.pop(_MEMO, None)
    return row


def _check_names(programme_id: int, names: Names, *, but: str) -> None:
    """Companies read these words, so whoever knows what they must not hold may refuse them."""
    for code, one in of_programme(programme_id).items():
        for language in LANGUAGES:
            if code != but and one.data["label"][language].casefold() == getattr(names, language).casefold():
                raise SameName(field=language)
    employment_worded.send(names)


def _new_code(programme_id: int) -> str:
    """A code that no list of any programme has, nor ever had: versions only grow, and no form leaves them."""
    taken, number = everywhere(), 1
    while (code := f"own_{programme_id}_{number}") in taken:
        number += 1
    return code[:_LONGEST_CODE]


kept_by("candidates", LIST, everywhere)

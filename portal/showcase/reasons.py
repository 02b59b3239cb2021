"""Why somebody fits a vacancy or does not yet, in words for the team: never on a page of an employer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.employers.needs import Needs
from portal.foundation.options import label, labels, options
from portal.foundation.words import _, _n
from portal.showcase.blind import Work
from portal.showcase.commuting import Commute
from portal.showcase.matching import hours_fit, licence_allows, limit


@dataclass(frozen=True)
class Reason:
    """One line of a result. `fits`: whether it speaks for the person; None where it only informs."""

    text: str
    fits: bool | None = None


@dataclass(frozen=True)
class Names:
    """The words of the catalogue that the reasons need, in the reader's language."""

    competences: Mapping[int, str]
    certificates: Mapping[str, str]


def why(needs: Needs, work: Work, way: Commute, names: Names) -> list[Reason]:
    """What somebody brings to a vacancy, requirement by requirement, in the order in which a worker tells it."""
    return [
        _competences(needs, work),
        _hours(needs, work),
        *_travel(way),
        *_languages(needs, work),
        *_licence(needs, work),
        *_forms(needs, work),
        *(Reason(names.certificates[one], True) for one in work.certificates if one in names.certificates),
    ]


def _competences(needs: Needs, work: Work) -> Reason:
    able, begun = int(limit("must_level")), int(limit("learnable_level"))
    met = sum(work.skills.get(one, 0) >= able for one in needs.must)
    met += sum(work.skills.get(one, 0) >= begun for one in needs.learnable)
    asked = len(needs.must) + len(needs.learnable)
    return Reason(
        _n("%(met)s of %(num)s competence", "%(met)s of %(num)s competences", asked, met=met),
        all(work.skills.get(one, 0) >= able for one in needs.must),
    )


def _hours(needs: Needs, work: Work) -> Reason:
    if not hours_fit(needs, work.hours_band):
        return Reason(_("hours do not fit"), False)
    if work.hours_week < needs.hours_week:
        return Reason(_("hours fit, but %(week)s a week", week=work.hours_week), True)
    return Reason(_("hours fit"), True)


def _travel(way: Commute) -> Iterable[Reason]:
    if way.km is not None:
        yield Reason(_("%(km)s km", km=way.km) if way.km else _("in the same municipality"))


def _languages(needs: Needs, work: Work) -> Iterable[Reason]:
    levels = options("candidates", "language_levels")
    for code, asked in needs.languages.items():
        own = levels.get(str(work.languages.get(code, "")))
        wanted = levels.get(asked)
        if wanted is None or not wanted.data["rank"]:
            continue
        spoken, enough = label("candidates", "languages", code), wanted.data["cefr"]
        if own is not None and own.data["rank"] >= wanted.data["rank"]:
            yield Reason(_("%(language)s %(level)s is enough", language=spoken, level=own.data["cefr"]), True)
        elif own is not None and own.data["cefr"]:
            yield Reason(
                _("%(language)s %(level)s, %(asked)s is asked", language=spoken, level=own.data["cefr"], asked=enough),
                False,
            )
        else:
            yield Reason(_("no %(language)s yet, %(asked)s is asked", language=spoken, asked=enough), False)


def _licence(needs: Needs, work: Work) -> Iterable[Reason]:
    if licence_allows("none", needs.licence):
        return
    if licence_allows(work.licence, needs.licence):
        yield Reason(_("driving licence fits"), True)
    else:
        yield Reason(_("driving licence is missing"), False)


def _forms(needs: Needs, work: Work) -> Iterable[Reason]:
    if not needs.forms:
        return
    shared = [one for one in work.forms if one in needs.forms]
    if shared:
        yield Reason(", ".join(labels("candidates", "employment_forms", shared)), True)
    else:
        yield Reason(_("form of employment does not fit"), False)


def lacking(code: str, competences: Mapping[int, str]) -> str:
    """A code of `matching.missing` in words."""
    kind, _colon, about = code.partition(":")
    if kind == "competence":
        return competences.get(int(about), about)
    if kind == "language":
        return _("more %(language)s", language=label("candidates", "languages", about))
    return {"hours": _("other hours"), "forms": _("another form of employment"), "licence": _("a driving licence")}[
        kind
    ]

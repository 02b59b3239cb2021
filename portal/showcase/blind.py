"""What an employer gets of a person: value objects made of allow-listed columns, which never held an identity (house.md 12).

`Work` is the coded part as it was when a batch released it; `BlindProfile` is the page of stage 1, in the reader's words;
`Card` is stage 0. Templates get these and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from portal.competences.catalogue import group_label
from portal.foundation.options import label, labels, options
from portal.foundation.words import _
from portal.showcase.recoding import Way
from portal.showcase.states import Fit, SentenceKind

ANY = "any"


@dataclass(frozen=True)
class Work:
    """The coded part of a profile: codes of closed lists, numbers and levels."""

    occupation: str
    sector: str
    sector_group: str
    region: str
    province: str
    experience: str
    availability: str
    hours_band: str
    hours_week: int
    forms: tuple[str, ...]
    mobility: tuple[str, ...]
    licence: str
    languages: Mapping[str, str]
    certificates: tuple[str, ...]
    support: tuple[str, ...]
    skills: Mapping[int, int]

    @classmethod
    def of(cls, part: Any) -> "Work":
        """From a candidate's job part (candidates.profiles)."""
        return cls(
            occupation=part.occupation_code, sector=part.sector_code, sector_group=part.sector_group, region=part.region,
            province=part.province, experience=part.experience_band, availability=part.availability_band,
            hours_band=part.hours_band, hours_week=part.hours_week, forms=tuple(part.forms), mobility=tuple(part.mobility),
            licence=part.licence, languages=dict(part.languages), certificates=tuple(part.certificates),
            support=tuple(part.support), skills={one: level for one, level in part.skills.items() if level > 0},
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "skills": {str(one): level for one, level in sorted(self.skills.items())}}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Work":
        values = {one.name: kept[one.name] for one in fields(cls)}
        values.update({name: tuple(values[name]) for name in ("forms", "mobility", "certificates", "support")})
        return cls(**{**values, "skills": {int(one): level for one, level in values["skills"].items()}})


def ways(work: Work, fit: Fit | None = None) -> dict[str, Way]:
    """From coarse to fine, what a card may say of somebody. "good" is said of whoever fits well or better."""
    coarse = options("candidates", "experience_bands").get(work.experience)
    experience = (ANY, str(coarse.data["coarse"]), work.experience) if coarse else (ANY,)
    fits = {Fit.STRONG: (ANY, "good", "strong"), Fit.GOOD: (ANY, "good"), Fit.PARTIAL: (ANY, "partial"), None: (ANY,)}
    return {
        "fit": fits[fit],
        "region": _region_way(work.region or work.province),
        "sector": (ANY, f"group:{work.sector_group}", work.sector),
        "experience": experience,
        "availability": (ANY, work.availability),
    }


def _region_way(code: str) -> Way:
    """Country, region, province, travel region: as far as the code is fine."""
    known, way = options("candidates", "regions"), []
    while code in known and code not in way:
        way.append(code)
        code = str(known[code].data["parent"])
    return tuple(reversed(way)) if way and way[-1] == "belgium" else ("belgium",)


@dataclass(frozen=True)
class Words:
    """The catalogue's texts that a page needs, by number or code, in the reader's language."""

    competences: Mapping[int, str]
    certificates: Mapping[str, str]
    occupations: Mapping[str, str]
    sectors: Mapping[str, str]


@dataclass(frozen=True)
class SkillLine:
    name: str
    level: int
    level_label: str
    evidence: str


@dataclass(frozen=True)
class BlindProfile:
    """Stage 1: what somebody can do, with what shows it, in the reader's language."""

    headline: str
    occupation: str
    skills: tuple[SkillLine, ...]
    own_words: str
    certificates: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    hours: str
    hours_week: int
    mobility: tuple[str, ...]
    licence: str
    forms: tuple[str, ...]
    availability: str
    support: tuple[str, ...]
    spoken: str


@dataclass(frozen=True)
class Card:
    """Stage 0: only coded words, each as coarse as k asks."""

    title: str
    facts: tuple[tuple[str, str], ...]
    fit: str
    fit_kind: str


def content(work: Work, sentences: Iterable[Any], language: str) -> dict[str, Any]:
    """What is kept of a profile when a batch releases it: the coded part and the sentences as they were approved."""
    told: dict[str, Any] = {"headline": "", "own_words": "", "evidence": {}}
    for sentence in sentences:
        if sentence.kind == SentenceKind.EVIDENCE:
            told["evidence"][str(sentence.competence_id)] = sentence.text
        else:
            told[sentence.kind.value] = sentence.text
    return {"work": work.as_json(), "sentences": told, "language": language}


def profile(kept: Mapping[str, Any], words: Words) -> BlindProfile:
    """The page of stage 1 from what was kept."""
    work, told = Work.read(kept["work"]), kept["sentences"]
    return BlindProfile(
        headline=told["headline"],
        occupation=words.occupations.get(work.occupation, ""),
        skills=tuple(_skill_lines(work, told["evidence"], words)),
        own_words=told["own_words"],
        certificates=tuple(words.certificates.get(code, code) for code in work.certificates),
        languages=tuple(_language_lines(work.languages)),
        hours=_option("hours_windows", work.hours_band) or _("in agreement"),
        hours_week=work.hours_week,
        mobility=tuple(labels("candidates", "mobility", work.mobility)),
        licence=_option("licences", work.licence),
        forms=tuple(labels("candidates", "employment_forms", work.forms)),
        availability=_option("availability_bands", work.availability),
        support=tuple(labels("candidates", "support_promised", work.support)),
        spoken=str(kept["language"]),
    )


def _skill_lines(work: Work, evidence: Mapping[str, str], words: Words) -> Iterable[SkillLine]:
    for one, level in sorted(work.skills.items(), key=lambda pair: (-pair[1], words.competences.get(pair[0], ""))):
        yield SkillLine(
            words.competences.get(one, ""), level, label("candidates", "competence_levels", str(level)),
            evidence.get(str(one), ""),
        )  # fmt: skip


def _language_lines(languages: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    levels = options("candidates", "language_levels")
    for code, level in languages.items():
        if level in levels and levels[level].data["rank"] > 0:
            yield label("candidates", "languages", code), levels[level].label


def card(told: Mapping[str, str], sectors: Mapping[str, str]) -> Card:
    """The card in the reader's language. What is said of nobody in particular is left out."""
    facts = [
        (_("Region"), _option("regions", told["region"])),
        (_("Experience"), _experience(told["experience"])),
        (_("Available"), _option("availability_bands", told["availability"])),
    ]
    fit = told["fit"]
    return Card(
        title=_sector(told["sector"], sectors),
        facts=tuple((name, text) for name, text in facts if text),
        fit=label("showcase", "fits", fit),
        fit_kind={"strong": "good", "good": "teal"}.get(fit, ""),
    )


def field_words(field: str, sectors: Mapping[str, str], *codes: str) -> tuple[str, ...]:
    """The name of a card's field, and what it says by these codes, for the team's own pages."""
    say: dict[str, tuple[str, Any]] = {
        "fit": (_("Fit"), lambda code: label("showcase", "fits", code)),
        "region": (_("Region"), lambda code: _option("regions", code)),
        "sector": (_("Sector"), lambda code: _("nothing") if code == ANY else _sector(code, sectors)),
        "experience": (_("Experience"), lambda code: _experience(code) or _("nothing")),
        "availability": (_("Available"), lambda code: _option("availability_bands", code) or _("nothing")),
    }
    name, words = say[field]
    return (name, *map(words, codes))


def _sector(code: str, sectors: Mapping[str, str]) -> str:
    if code == ANY:
        return _("Fits what you ask")
    return group_label(code.removeprefix("group:")) if code.startswith("group:") else sectors.get(code, code)


def _experience(code: str) -> str:
    return _option("experience_bands", code) or _option("experience_coarse", code)


def _option(key: str, code: str) -> str:
    found = options("candidates", key).get(code)
    return found.label if found is not None else ""


def same_work(work: Work) -> tuple[Any, ...]:
    """What two people must share to have the same work facts at stage 1 (levels and sentences apart)."""
    return (
        work.occupation, work.availability, work.hours_band, work.hours_week, _sorted(work.forms), _sorted(work.mobility),
        work.licence, tuple(sorted(work.languages.items())), _sorted(work.certificates),
    )  # fmt: skip


def _sorted(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))

"""Folders as ESCO gives them out, made up: its columns in its order, its multi-line cells, its mark at the start."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SKILL = "http://data.europa.eu/esco/skill/"
JOB = "http://data.europa.eu/esco/occupation/"
SKILLS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
OCCUPATIONS = (
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate",
    "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code", "naceCode",
)  # fmt: skip
RELATIONS = ("occupationUri", "occupationLabel", "relationType", "skillType", "skillUri", "skillLabel")


def skill(number: object, label: str, **more: str) -> dict[str, str]:
    return {
        "conceptType": "KnowledgeSkillCompetence", "conceptUri": f"{SKILL}{number}", "skillType": "skill/competence",
        "reuseLevel": "sector-specific", "preferredLabel": label, "status": "released",
        "modifiedDate": "2023-11-30T15:53:37.136Z", "inScheme": "http://data.europa.eu/esco/concept-scheme/skills",
        "description": "What it is,\nover two lines, with a \"quote\".", **more,
    }  # fmt: skip


def job(number: object, label: str, isco: str = "7212", **more: str) -> dict[str, str]:
    return {
        "conceptType": "Occupation", "conceptUri": f"{JOB}{number}", "iscoGroup": isco, "preferredLabel": label,
        "status": "released", "description": "What somebody does.", "code": f"{isco}.{number}", **more,
    }  # fmt: skip


def relation(occupation: object, competence: object, kind: str = "essential") -> dict[str, str]:
    return {
        "occupationUri": f"{JOB}{occupation}", "relationType": kind, "skillType": "skill/competence",
        "skillUri": f"{SKILL}{competence}", "occupationLabel": "one", "skillLabel": "other",
    }  # fmt: skip


def write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, Any]], *, mark: bool = False) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(("\ufeff" if mark else "") + text.getvalue(), encoding="utf-8", newline="")
    return path


def a_download(folder: Path) -> Path:
    """Two jobs and three skills in Dutch and French, in the folders in which the ESCO website packs them."""
    nl, fr = folder / "ESCO dataset - v1.2.0 - classification - nl - csv", folder / "classification - fr - csv"
    write(
        nl / "skills_nl.csv", SKILLS,
        [
            skill("a1", "lastechnieken toepassen", altLabels="lassen\nlastechniek gebruiken"),
            skill("a2", "werktekeningen lezen"), skill("a3", "klanten begroeten", reuseLevel="cross-sector"),
        ], mark=True,
    )  # fmt: skip
    write(
        fr / "skills_fr.csv",
        SKILLS,
        [skill("a1", "appliquer des techniques de soudage"), skill("a2", "lire des plans")],
    )
    write(
        nl / "occupations_nl.csv", OCCUPATIONS,
        [job("o1", "lasser", altLabels="booglasser\nlasser (m/v/x)"), job("o2", "barista", "5132"), job("o9", "notaris", "2619")],
    )  # fmt: skip
    write(fr / "occupations_fr.csv", OCCUPATIONS, [job("o1", "soudeur/soudeuse"), job("o2", "barista", "5132")])
    write(
        nl / "occupationSkillRelations_nl.csv", RELATIONS,
        [relation("o1", "a1"), relation("o1", "a2", "optional"), relation("o2", "a3"), relation("o1", "a3", "optional"), relation("o9", "a3")],
    )  # fmt: skip
    return folder

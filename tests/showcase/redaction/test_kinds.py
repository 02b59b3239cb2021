"""One small text per kind and language: the finding points at the words, not at their sentence."""

from itertools import pairwise

import pytest

from portal.showcase.redaction import KINDS, REASONS, SUGGESTIONS, Known, check
from portal.showcase.redaction.finding import Finding

JAN = Known.from_json(
    {
        "first_name": "Mohamed",
        "last_name": "Van den Broeck",
        "nicknames": ["Moha"],
        "birth_date": "1987-03-12",
        "birth_place": "Dendermonde",
        "address": {"street": "Kerkstraat", "number": "12", "postcode": "9200", "municipality": "Dendermonde"},
        "national_number": "87.03.12-123.07",
        "phone": "0470 12 34 56",
        "email": "mo@example.be",
        "site": "Gevangenis van Gent",
        "employers": ["Transport Janssens NV"],
        "schools": ["Sint-Jozefcollege"],
    }
)

FOUND = [
    ("name", "nl", "De proef van Van den Broeck verliep vlot.", "Van den Broeck"),
    ("name", "fr", "Le chef apprécie Mohammed depuis le début.", "Mohammed"),
    ("name", "en", "The certificate says Broeck on it.", "Broeck"),
    ("nickname", "nl", "Op de werf noemen ze hem Moh.", "Moh"),
    ("initials", "nl", "Kandidaat M.V.D.B. kent HACCP.", "M.V.D.B."),
    ("birth_date", "nl", "Geboren op 12 maart 1987.", "12 maart 1987"),
    ("birth_date", "fr", "Né le 12/03/1987, mobile.", "12/03/1987"),
    ("age", "nl", "Een 39-jarige magazijnier.", "39-jarige"),
    ("age", "en", "A picker in his thirties with care.", "in his thirties"),
    ("place", "nl", "Komt met de trein uit Termonde.", "Termonde"),
    ("place", "fr", "Un Gantois qui aime le métal.", "Gantois"),
    ("address", "nl", "Woont in de Kerkstr. 12, dicht bij de bus.", "Kerkstr. 12"),
    ("address", "fr", "Habite rue de la Gare 4, au calme.", "rue de la Gare 4"),
    ("postcode", "nl", "Postcode 9200, dus vlot bereikbaar.", "9200"),
    ("national_number", "nl", "INSZ 870312 123 07 is gekend.", "870312 123 07"),
    (
        "phone",
        "nl",
        "Bel nul vier zeven nul twaalf vierendertig zesenvijftig.",
        "nul vier zeven nul twaalf vierendertig zesenvijftig",
    ),
    (
        "phone",
        "fr",
        "Appelez le zéro quatre cent septante douze trente-quatre cinquante-six.",
        "zéro quatre cent septante douze trente-quatre cinquante-six",
    ),
    (
        "email",
        "nl",
        "Mail jan punt peeters apenstaartje gmail punt com voor meer.",
        "jan punt peeters apenstaartje gmail punt com",
    ),
    ("url", "en", "See linkedin.com/in/somebody for more.", "linkedin.com/in/somebody"),
    ("iban", "nl", "Storten op BE68 5390 0754 7034 kan.", "BE68 5390 0754 7034"),
    ("site", "nl", "Leerde lassen in de gevangenis van Gent.", "gevangenis van Gent"),
    ("site", "fr", "Hébergée au Petit-Château.", "Petit-Château"),
    ("employer", "nl", "Reed jaren voor Janssens als chauffeur.", "Janssens"),
    ("employer", "fr", "Stage chez Boulangerie Martin, tôt le matin.", "Boulangerie Martin"),
    ("school", "nl", "Liep school in het Sint Jozef college.", "Sint Jozef college"),
    ("offence", "nl", "Heeft een strafblad, maar werkt correct.", "strafblad"),
    ("offence", "fr", "A un casier judiciaire.", "casier judiciaire"),
    ("detention", "nl", "Haalde het attest achter de tralies.", "achter de tralies"),
    ("detention", "en", "Is on parole and may work days.", "on parole"),
    ("gender", "nl", "Zoekt werk als poetsvrouw.", "poetsvrouw"),
    ("gender", "fr", "Je suis motivée et rapide.", "motivée"),
    ("gender", "en", "The boss likes her work.", "her"),
    ("origin", "nl", "Heeft de Marokkaanse nationaliteit.", "Marokkaanse"),
    ("origin", "en", "Speaks Tigrinya and English.", "Tigrinya"),
    ("family", "nl", "Is een alleenstaande moeder.", "alleenstaande moeder"),
    ("religion", "nl", "Gaat vrijdag naar de moskee.", "moskee"),
    ("health", "fr", "A fait une dépression.", "dépression"),
]


def of_kind(text: str, lang: str, kind: str, known: Known = JAN) -> list[Finding]:
    """The findings of one kind."""
    return [finding for finding in check(text, known, lang) if finding.kind == kind]


@pytest.mark.parametrize(("kind", "lang", "text", "words"), FOUND)
def test_each_kind_points_at_its_words(kind: str, lang: str, text: str, words: str) -> None:
    assert words in {finding.text for finding in of_kind(text, lang, kind)}


def test_every_kind_has_an_example() -> None:
    assert {kind for kind, *_ in FOUND} == set(KINDS)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "De zin om te leren is groot en de koelcel staat op 4 graden."),
        ("nl", "Zet straffe koffie en vervangt een moederbord."),
        ("nl", "Beschermt een boom tegen vorst, vangt een mol en sorteert balen."),
        ("nl", "Heeft 10 jaar ervaring en werkt tussen 7 en 17 uur."),
        ("nl", "De collega's zijn tevreden en willen graag op tijd zijn."),
        ("nl", "Kan haar knippen en kleuren."),
        ("nl", "Demonteert toestellen, test ze en zet ze klaar."),
        ("nl", "Rijbewijs CE, Nederlands B1, pallets van 1200 x 800 mm."),
        ("fr", "Il faut du temps et il y a une équipe motivée."),
        ("fr", "Pose une cellule photovoltaïque et prévient le vol à l'étalage."),
        ("en", "Runs a work cell and has the conviction that safety comes first."),
        ("en", "Healthcare assistant skills in a family business."),
    ],
)
def test_words_that_only_look_telling_pass(lang: str, text: str) -> None:
    assert check(text, JAN, lang) == []


@pytest.mark.parametrize(
    ("text", "stopped"),
    [("Ik ben gemotiveerd en werk als bakker.", False), ("De ploegleider prijst Ben Bakker.", True)],
)
def test_a_name_that_is_a_plain_word_needs_its_capital(text: str, *, stopped: bool) -> None:
    ben = Known(first_name="Ben", last_name="Bakker")
    assert bool(of_kind(text, "nl", "name", ben)) is stopped


@pytest.mark.parametrize("place", ["Mol", "Ham", "Lier", "Halle", "Boom", "Geel"])
def test_a_place_that_is_a_plain_word_needs_its_sentence(place: str) -> None:
    assert of_kind(f"Woont in {place} met vrienden.", "nl", "place")
    assert not of_kind(f"Werkt met {place.lower()} en let op.", "nl", "place")


@pytest.mark.parametrize(
    ("written", "kind"), [("محمد", "name"), ("Мохамед", "name"), ("ሳሙኤል", "origin"), ("山田", "origin")]
)
def test_another_script_is_a_name_or_an_origin(written: str, kind: str) -> None:
    findings = check(f"Op de badge staat {written}.", JAN, "nl")
    assert [(finding.text, finding.kind) for finding in findings] == [(written, kind)]


@pytest.mark.parametrize("number", ["BE68 5390 0754 7034", "87.03.12-123.07", "91.44.15-002.21"])
def test_a_number_is_found_without_a_file(number: str) -> None:
    assert [finding.text for finding in check(f"Nummer {number} hoort erbij.", Known(), "nl")] == [number]


def test_every_finding_says_why_and_what_to_write_instead() -> None:
    for kind, lang, text, _ in FOUND:
        for finding in of_kind(text, lang, kind):
            assert finding.why in REASONS
            assert finding.reason == REASONS[finding.why]
            assert finding.suggestion in SUGGESTIONS


def test_findings_stand_in_order_and_never_overlap() -> None:
    text = "Mohamed Van den Broeck, Kerkstraat 12, 9200 Dendermonde, 0470 12 34 56, mo@example.be."
    findings = check(text, JAN, "nl")
    assert {finding.kind for finding in findings} >= {"name", "address", "place", "phone", "email"}
    assert all(left.end <= right.start for left, right in pairwise(findings))


def test_an_empty_file_and_an_empty_text_are_fine() -> None:
    assert check("", Known(), "nl") == []
    assert check("Stapelt paletten.", Known.from_json({"address": None, "nicknames": None}), "") == []

"""Company numbers, however they are typed: right ones are kept in one shape, wrong ones never pass."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.words import speaking
from portal.organisations import numbers
from portal.organisations.numbers import NotACompanyNumber, NotAForeignNumber, UnknownCountry

BASES = st.integers(min_value=1_000_000, max_value=19_999_999)
BETWEEN = st.text(alphabet=" .-/\u00a0", max_size=2)


def whole(base: int) -> str:
    return f"{base:08d}{97 - base % 97:02d}"


@given(BASES, st.lists(BETWEEN, min_size=10, max_size=10), st.sampled_from(["", "BE", "be ", "BE.", "Be "]))
def test_a_right_number_is_kept_the_same_however_it_is_typed(base: int, between: list[str], before: str) -> None:
    number = whole(base)
    typed = before + "".join(one + gap for one, gap in zip(number, between, strict=True))
    assert numbers.compact(typed) == number
    assert numbers.compact(numbers.shown(number)) == number


@given(BASES, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(base: int, place: int, off: int) -> None:
    right = whole(base)
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    with pytest.raises(NotACompanyNumber):
        numbers.compact(wrong)


@given(BASES, st.integers(0, 8))
def test_two_digits_that_changed_places_are_always_found(base: int, at: int) -> None:
    right = whole(base)
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if wrong != right:
        with pytest.raises(NotACompanyNumber):
            numbers.compact(wrong)


@given(st.text(max_size=60))
def test_whatever_is_typed_it_is_a_number_or_a_sentence(text: str) -> None:
    try:
        kept = numbers.compact(text)
    except NotACompanyNumber:
        return
    assert len(kept) <= 20 and set(kept) <= set(string.ascii_uppercase + string.digits)
    assert numbers.compact(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NL 0044.95.445.B01", "NL004495445B01"),
        ("de136695976", "DE136695976"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("LU 150 274 42", "LU15027442"),
        ("GB 980 7806 84", "GB980780684"),
        ("EL094259216", "GR094259216"),
        ("GR094259216", "GR094259216"),
    ],
)
def test_a_foreign_number_follows_the_rules_of_its_country(typed: str, kept: str) -> None:
    assert numbers.compact(typed) == kept
    assert numbers.compact(kept) == kept


def test_each_mistake_has_its_own_sentence() -> None:
    with pytest.raises(NotAForeignNumber):
        numbers.compact("DE136695978")
    with pytest.raises(UnknownCountry):
        numbers.compact("US123456789")
    with pytest.raises(NotACompanyNumber):
        numbers.compact("BE")


def test_the_country_beside_the_number_counts_unless_letters_were_typed() -> None:
    assert numbers.compact(numbers.of_country("NL", "004495445B01")) == "NL004495445B01"
    assert numbers.compact(numbers.of_country("NL", "DE136695976")) == "DE136695976"
    assert numbers.countries()[0][0] == "BE" and len(numbers.countries()) == 30


def test_countries_stand_as_people_look_for_them(app: object) -> None:
    """Belgium first, and then by letter: an accent moves no country to the end."""
    with speaking("fr"):
        names = [name for _code, name in numbers.countries()]
    assert names[0] == "Belgique"
    assert names.index("Suède") < names.index("Suisse")

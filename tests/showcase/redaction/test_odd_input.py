"""Whatever a file or a text holds, the check answers; a line that cannot be read says so and stops no other."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.showcase.redaction import Known, check
from portal.showcase.redaction.command import BrokenLine, known_from, run_batch, run_one

KEYS = [
    "first_name",
    "last_name",
    "nicknames",
    "birth_date",
    "birth_place",
    "address",
    "national_number",
    "phone",
    "email",
    "site",
    "employers",
    "schools",
]
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["(((", "[a-", "*", "\\", "12/3"]),
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["street", "number", "postcode", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
TEXT = "Jan Peeters, geboren 12/3/1987, woont Kerkstraat 12, 9000 Gent; J.P. belt 0470 12 34 56."


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), _VALUES, max_size=12), st.sampled_from(["nl", "fr", "en", "", "xx"]))
def test_no_value_on_file_stops_the_check(values: dict[str, object], lang: str) -> None:
    for finding in check(TEXT, Known.from_json(values), lang):
        assert finding.text == TEXT[finding.start : finding.end]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "\r\n\r\n",
        "😀👍🏽👨‍👩‍👧",
        "\ud800 Jan \udfff",
        "a" * 10_000,
        "a " * 5_000,
        "1" * 10_000,
        "0470 " * 2_000,
        "A.B." * 500,
        "* " * 5_000,
        "é\u0301" * 3_000,
        "Jan Peeters werkt goed. " * 100,
        "een twee drie vier " * 100,
        "@" * 5_000,
        "x@" * 3_000,
        "a-b-" * 500,
        "M*" * 2_000,
    ],
)
def test_any_text_is_answered_within_it(text: str) -> None:
    for finding in check(text, Known.from_json({"first_name": "Jan", "last_name": "Peeters"}), "nl"):
        assert 0 <= finding.start < finding.end <= len(text)


def test_windows_line_ends_move_no_offset() -> None:
    text = "Werkt goed.\r\nVraag het aan Peeters.\r\n"
    found = json.loads(run_one({"last_name": "Peeters"}, "nl", text))
    assert [(row["start"], row["end"]) for row in found] == [(text.index("Peeters"), text.index("Peeters") + 7)]


def test_a_lone_surrogate_is_written_as_json_that_can_be_read() -> None:
    written = run_one({"last_name": "Peeters"}, "nl", "Peet\u200bers \ud83d en Pee\ud83dters")
    written.encode("utf-8")
    assert json.loads(written)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "no JSON"),
        ('{"text": "x"', "no JSON"),
        ("[1]", "object"),
        ('{"known": [1], "text": "x"}', '"known"'),
        ('{"lang": 5, "text": "x"}', '"lang"'),
        ('{"text": 5}', '"text"'),
        ("[" * 100_000, "deep"),
    ],
)
def test_a_broken_line_has_an_error_of_its_own(line: str, message: str) -> None:
    good = json.dumps({"lang": "nl", "text": "Stapelt paletten."})
    before, broken, after = run_batch([good, line, good])
    assert before == after == "[]"
    assert isinstance(broken, BrokenLine)
    assert message in str(broken)


def test_a_file_that_is_no_object_is_refused() -> None:
    with pytest.raises(BrokenLine, match="one JSON object"):
        known_from("[1]")
    assert known_from("") == known_from("null") == {}

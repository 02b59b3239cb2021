"""The check as a filter over JSON."""

import json

from portal.showcase.redaction.command import BrokenLine, run_batch, run_one

KNOWN: dict[str, object] = {"first_name": "Jan", "last_name": "Peeters", "address": {}, "phone": None}


def test_one_text_gives_an_array_of_findings() -> None:
    assert json.loads(run_one(KNOWN, "nl", "Vraag het aan Peeters.")) == [
        {"start": 14, "end": 21, "text": "Peeters", "kind": "name", "why": "known_name"}
    ]


def test_an_innocent_text_gives_an_empty_array() -> None:
    assert json.loads(run_one({}, "nl", "Stapelt paletten.")) == []


def test_a_batch_gives_one_array_a_line_in_order() -> None:
    lines = [
        json.dumps({"known": KNOWN, "lang": "nl", "text": "Peeters last."}) + "\n",
        "\n",
        json.dumps({"known": None, "lang": "fr", "text": "Soude bien."}),
    ]
    found = [json.loads(str(line)) for line in run_batch(lines)]
    assert [[finding["text"] for finding in line] for line in found] == [["Peeters"], [], []]


def test_letters_outside_ascii_stay_readable() -> None:
    assert "محمد" in run_one({"first_name": "Mohamed"}, "nl", "Naam: محمد")


def test_a_long_batch_shared_over_processes_gives_the_same_in_the_same_order() -> None:
    line = {"known": KNOWN, "lang": "nl"}
    lines = [json.dumps({**line, "text": f"Peeters laste {number} uur."}) for number in range(240)]
    lines[7], lines[130] = "no JSON", json.dumps({**line, "text": 5})
    shared, alone = list(run_batch(lines, workers=2)), list(run_batch(lines, workers=1))
    assert [str(row) for row in shared] == [str(row) for row in alone]
    assert [number for number, row in enumerate(shared) if isinstance(row, BrokenLine)] == [7, 130]

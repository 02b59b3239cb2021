"""The two commands of this room, and the words of its lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.foundation.database import db
from portal.foundation.options import options
from portal.showcase.models import Profile
from portal.showcase.redaction import KINDS, REASONS, SUGGESTIONS
from portal.showcase.states import ProfileState
from tests.showcase.factories import a_worker, an_approved_profile


def test_a_batch_is_released_from_the_command_line(app: Flask) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    run = app.test_cli_runner().invoke
    for _ in range(4):
        an_approved_profile(lien, sam)
    assert "nothing released" in run(args=["publish-batch"]).output
    an_approved_profile(lien, sam)
    assert "5 changes released" in run(args=["publish-batch", "--programme", "Doorstart Gent"]).output
    db.session.expire_all()
    assert db.session.query(Profile).filter_by(state=ProfileState.PUBLISHED).count() == 5
    assert run(args=["publish-batch", "--programme", "Nergens"]).exit_code == 1


def test_the_check_reads_a_text_and_a_batch(app: Flask, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"email": "karim@example.org"}))
    run = app.test_cli_runner().invoke
    found = json.loads(
        run(args=["redact", "--known", str(known), "--lang", "nl"], input="Mail naar karim@example.org.").output
    )
    assert [(one["text"], one["kind"]) for one in found] == [("karim@example.org", "email")]
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"known": {}, "lang": "nl", "text": "Werkt veilig."}) + "\n\n")
    assert run(args=["redact", "--batch", str(lines)]).output.split() == ["[]", "[]"]
    lines.write_text(json.dumps({"lang": "nl", "text": "Werkt veilig."}) + "\nnonsense\n")
    broken = run(args=["redact", "--batch", str(lines)])
    assert broken.stdout.split() == ["[]", "null"]
    assert "line 2" in broken.stderr
    assert broken.exit_code == 1


@pytest.mark.parametrize(
    ("key", "codes"), [("finding_kinds", KINDS), ("finding_reasons", REASONS), ("finding_suggestions", SUGGESTIONS)]
)
def test_everything_that_the_check_says_has_words(key: str, codes: Any) -> None:
    assert set(options("showcase", key)) == set(codes)

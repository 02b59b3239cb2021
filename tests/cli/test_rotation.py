"""Keys rotate: after a rotation the old key can be dropped, and nothing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask

from portal.candidates.models import Candidate, Identity
from portal.cli import rotation
from portal.foundation import crypto
from portal.foundation.database import Encrypted, EncryptedJson, db
from portal.foundation.storage import Folder, InDatabase
from tests import engines
from tests.factories import a_programme

INDEX = "index " * 8
NEW = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _old_keys_again() -> Iterator[None]:
    yield
    crypto.use((engines.KEY,), INDEX)


def somebody(number: int) -> None:
    candidate = Candidate(programme_id=a_programme().id)
    db.session.add(candidate)
    db.session.flush()
    db.session.add(
        Identity(candidate_id=candidate.id, first_name=f"Ann {number}", last_name="Van Hove", schools=["VTI", "CVO"])
    )


def names() -> list[str]:
    db.session.expire_all()
    return [one.first_name for one in db.session.scalars(sa.select(Identity).order_by(Identity.id))]


@pytest.mark.engine
def test_after_a_rotation_the_old_key_can_be_dropped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    for number in range(8):
        somebody(number)
    db.session.commit()
    crypto.use((NEW, engines.KEY), INDEX)
    done = rotation.rotate()
    assert done["identity.first_name"] == done["identity.schools"] == 8
    crypto.use((NEW,), INDEX)
    assert names() == [f"Ann {number}" for number in range(8)]
    assert db.session.scalars(sa.select(Identity.schools)).first() == ["VTI", "CVO"]
    crypto.use((engines.KEY,), INDEX)
    with pytest.raises(InvalidToken):
        names()


def test_without_a_rotation_the_old_key_is_needed(app: Flask) -> None:
    somebody(1)
    db.session.commit()
    crypto.use((NEW,), INDEX)
    with pytest.raises(InvalidToken):
        names()


def test_what_somebody_writes_meanwhile_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody(1)
    db.session.commit()
    crypto.use((NEW, engines.KEY), INDEX)
    batches = rotation._batches

    def then_somebody_writes(number: Any, raw: Any) -> Any:
        for rows in batches(number, raw):
            if "first_name" in str(raw):
                db.session.execute(sa.update(Identity).values(first_name="Nora"))
                db.session.commit()
            yield rows

    monkeypatch.setattr(rotation, "_batches", then_somebody_writes)
    rotation.rotate()
    crypto.use((NEW,), INDEX)
    assert names() == ["Nora"]


def test_uploads_are_sealed_anew_too(app: Flask, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, rows = Folder(tmp_path), InDatabase()
    in_folder, in_rows = folder.keep(b"a scan"), rows.keep(b"another")
    db.session.commit()
    monkeypatch.setattr(rotation, "storage", lambda: folder)
    crypto.use((NEW, engines.KEY), INDEX)
    db.session.remove()
    assert rotation.rotate()["uploads"] == 1
    crypto.use((NEW,), INDEX)
    assert folder.read(in_folder) == b"a scan"
    assert rows.read(in_rows) == b"another"
    assert [path.suffix for path in tmp_path.iterdir()] == [""]


def test_no_sealed_column_is_forgotten() -> None:
    sealed = {f"{column.table.name}.{column.name}" for column in rotation.sealed_columns()}
    typed = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedJson)
    }
    assert typed < sealed
    assert {"identity.last_name", "letter.values", "task.words", "journal_entry.reason", "stored_file.sealed"} <= sealed


def test_the_command_says_what_it_did(app: Flask) -> None:
    somebody(1)
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["rotate-keys"])
    assert result.exit_code == 0
    assert "identity.last_name" in result.output
    assert names() == ["Ann 1"]

"""Two small tables that keep what people did: a form that was sent (so that a double click does it once), and what was
typed when a session ended (so that it is there after signing in)."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation import clock, crypto
from portal.foundation.database import Encrypted, EncryptedJson, Model, db

KEEP_SENT = timedelta(days=2)
KEEP_TYPED = timedelta(days=14)


class SentForm(Model):
    """A form's once-token and where its first sending led."""

    __tablename__ = "sent_form"

    token_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    # Sealed: the page that a form led to may stand behind a personal link.
    led_to: Mapped[str] = mapped_column(Encrypted)


class TypedText(Model):
    """What somebody typed when the sign-in had ended: sealed, 14 days, for the browser that holds its token.

    `path` is the keyed hash of the page's path, which may carry a personal link's token.
    """

    __tablename__ = "typed_text"

    token_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    path: Mapped[str] = mapped_column(sa.Text)
    fields: Mapped[Any] = mapped_column(EncryptedJson)
    expires_at: Mapped[datetime] = mapped_column(index=True)


def led_to(token: str) -> str | None:
    """Where the first sending of this form led, or None when this is the first."""
    return db.session.scalar(sa.select(SentForm.led_to).where(SentForm.token_mark == crypto.mark("once", token)))


def remember(token: str, url: str) -> None:
    """Keep the token in the transaction of the work itself: two sendings at once cannot both commit."""
    db.session.add(SentForm(token_mark=crypto.mark("once", token), led_to=url))


def keep_typed(path: str, fields: dict[str, list[str]]) -> str:
    """Keep what was typed and give the token that brings it back. Commits on its own: the request itself is refused."""
    token = crypto.token()
    # The refused request's own transaction must not hold the writing lock while this one waits for it.
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(
            sa.insert(TypedText).values(
                token_mark=crypto.mark("typed", token),
                path=crypto.mark("typed at", path),
                fields=fields,
                expires_at=clock.now() + KEEP_TYPED,
                created_at=clock.now(),
            )
        )
    return token


def typed(token: str, path: str) -> dict[str, list[str]] | None:
    """What was typed on this page under this token, or None."""
    found = db.session.scalar(
        sa.select(TypedText).where(
            TypedText.token_mark == crypto.mark("typed", token),
            TypedText.path == crypto.mark("typed at", path),
            TypedText.expires_at > clock.now(),
        )
    )
    return None if found is None else dict(found.fields)


def purge() -> int:
    """Forget what has outlived its use; returns the number of rows (nightly)."""
    now = clock.now()
    gone = db.session.execute(sa.delete(TypedText).where(TypedText.expires_at < now)).rowcount  # type: ignore[attr-defined]
    gone += db.session.execute(sa.delete(SentForm).where(SentForm.created_at < now - KEEP_SENT)).rowcount  # type: ignore[attr-defined]
    return int(gone)

"""Delivering: claim by lease, render, hand to the mail server with no transaction open, and write down that it left."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.logs import log
from portal.foundation.mailer import Post, mail
from portal.foundation.signals import letter_given_up
from portal.outbox import service
from portal.outbox.models import Letter, LetterState, ShownLetter
from portal.outbox.render import Rendered, render

LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def deliver(limit: int = 200) -> int:
    """Deliver what waits, oldest first; returns how many letters left. Several workers may do so at once."""
    left = 0
    for _ in range(limit):
        letter_id = claim()
        if letter_id is None:
            break
        left += _deliver_one(letter_id)
    return left


def claim() -> int | None:
    """Take the oldest waiting letter for the length of a lease, or None. A dead worker's lease runs out by itself."""
    now = clock.now()
    free = (
        sa.select(Letter.id)
        .where(Letter.state == LetterState.WAITING, Letter.next_try_at <= now)
        .where(sa.or_(Letter.lease_until.is_(None), Letter.lease_until < now))
        .order_by(Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    letter = db.session.scalar(free)
    if letter is not None:
        taken = {"lease": crypto.token(), "lease_until": now + lease_time()}
        db.session.execute(sa.update(Letter).where(Letter.id == letter).values(**taken))
    db.session.commit()
    return letter


def lease_time() -> timedelta:
    """How long a letter is one worker's: longer than a mail server may take to answer."""
    return timedelta(seconds=float(current_app.config.get("LETTER_LEASE_SECONDS", LEASE.total_seconds())))


def _deliver_one(letter_id: int) -> bool:
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    if not service.still_right(letter):
        _close(letter, LetterState.CANCELLED)
        return False
    lease, address, calendar, message_id = letter.lease, letter.address or "", letter.calendar, letter.message_id
    demo = current_app.extensions["doorstart"].demo
    try:
        rendered = render(letter.template, letter.language, letter.values)
        db.session.rollback()
        if not demo:
            _post(address, rendered, calendar, message_id)
    except Exception as error:
        _try_again(letter_id, error)
        if not isinstance(error, OSError) and current_app.testing:
            raise
        return False
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    if letter.lease != lease or letter.state is not LetterState.WAITING:
        db.session.rollback()
        return False
    if demo:
        _show(letter, address, rendered, calendar)
    _close(letter, LetterState.SENT)
    return True


def _show(letter: Letter, address: str, rendered: Rendered, calendar: dict[str, str] | None) -> None:
    shown = ShownLetter(letter_id=letter.id, address=address, language=letter.language, subject=rendered.subject)
    shown.text, shown.html, shown.calendar = rendered.text, rendered.html, calendar["ics"] if calendar else None
    db.session.add(shown)


def _close(letter: Letter, state: LetterState) -> None:
    letter.state, letter.lease, letter.lease_until = state, None, None
    letter.values = letter.calendar = letter.address = None
    letter.sent_at = clock.now() if state is LetterState.SENT else None
    db.session.commit()


def _post(address: str, rendered: Rendered, calendar: dict[str, str] | None, message_id: str) -> None:
    settings = current_app.extensions["doorstart"]
    message = Post(subject=rendered.subject, recipients=[address], body=rendered.text, html=rendered.html)
    message.msgId = f"<{message_id}@{settings.mail_from.partition('@')[2]}>"
    if rendered.unsubscribe:
        message.extra_headers = {
            "List-Unsubscribe": f"<{rendered.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }  # fmt: skip
    if calendar is not None:
        kind = f"calendar; method={calendar['method']}"
        message.alts[kind] = calendar["ics"]
        message.attach("invitation.ics", f"text/{kind}; charset=utf-8", calendar["ics"].encode())
    mail.send(message)


def _try_again(letter_id: int, error: Exception) -> None:
    """Wait longer each time; after 72 hours it becomes a person's task. The error's kind is kept, not its text."""
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    now = clock.now()
    letter.attempts += 1
    letter.lease = letter.lease_until = None
    letter.last_error = type(error).__name__
    letter.next_try_at = next_try(now, letter.attempts)
    if now - letter.created_at >= GIVE_UP_AFTER:
        letter.state = LetterState.GIVEN_UP
        with acting.as_(None, "portal"):
            letter_given_up.send(letter)
    log.warning("letter not sent", letter=letter.id, attempt=letter.attempts, kind=letter.last_error)
    db.session.commit()


def next_try(now: datetime, attempts: int) -> datetime:
    """1, 2, 4 … minutes, at most 6 hours apart."""
    return now + min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts - 1, 10))

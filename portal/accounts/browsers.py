"""Which browsers somebody signed in with before: by a random word in a cookie of its own, and by nothing that a browser tells.

Another one is told by letter, so that a password that leaked does not stay a secret of whoever has it.
"""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import service
from portal.accounts.models import KnownBrowser, Person
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.outbox import service as outbox

COOKIE_LIVES = timedelta(days=365)
KEPT_FOR = timedelta(days=400)
LETTERS_A_DAY = 3

# In this order: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def called(user_agent: str) -> str:
    """What a person would call it: "Firefox, Windows". Empty where it says nothing that we know."""
    names = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in names if name)


def meet(person: Person, word: str, *, browser: str) -> str:
    """Somebody is in, by the browser that holds this word. Gives the word to keep there; another browser is told by letter."""
    word = word if 20 <= len(word) <= 64 else crypto.token()
    mark, now = crypto.mark("browser word", f"{person.id}:{word}"), clock.now()
    seen = db.session.execute(
        sa.update(KnownBrowser)
        .where(KnownBrowser.person_id == person.id, KnownBrowser.mark == mark)
        .values(last_used_at=now)
    )
    if seen.rowcount:  # type: ignore[attr-defined]
        return word
    before, today = _count(person)
    db.session.add(KnownBrowser(person_id=person.id, mark=mark, last_used_at=now))
    if before and today < LETTERS_A_DAY:
        outbox.leave(
            "accounts/new_browser", to=service.recipient(person), about=person,
            values={
                "first_name": person.first_name, "browser": browser, "at": now.isoformat(),
                "link": outbox.address_of("accounts.me"), "password": outbox.address_of("accounts.forgotten"),
            },
        )  # fmt: skip
    return word


def _count(person: Person) -> tuple[int, int]:
    """How many are known, and how many of them since yesterday (the very first one brings no letter)."""
    since = clock.now() - timedelta(days=1)
    every, today = db.session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(KnownBrowser.created_at > since)).where(
            KnownBrowser.person_id == person.id
        )
    ).one()
    return int(every), int(today)


def forget_old() -> None:
    """Nightly: a browser that was not used for over a year is new again."""
    db.session.execute(sa.delete(KnownBrowser).where(KnownBrowser.last_used_at < clock.now() - KEPT_FOR))

"""Codes of an app (TOTP, RFC 6238): six digits for each half minute, one half minute early or late, and each only once."""

import hmac

import pyotp
import segno
import sqlalchemy as sa

from portal.accounts.models import Authenticator, Person
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy

HALF_MINUTE = 30
DRIFT = (0, -1, 1)
ISSUER = "Doorstart"


class WrongCode(DomainError):
    sentence = lazy("This code does not fit, or was used before. Wait for the next one and try again.")
    field = "code"


class SealedElsewhere(DomainError):
    """The page's secret was made for somebody else, or by nobody of ours."""

    sentence = lazy("This page was open too long. Begin again.")


def sealed_secret(person: Person) -> str:
    """A new secret for the page that asks for its first code: nothing is written down before that code was right."""
    return crypto.cipher().seal(f"{person.id} {pyotp.random_base32()}")


def opened(sealed: str | None, person: Person) -> str:
    """Raises SealedElsewhere."""
    try:
        number, _, secret = crypto.cipher().open(sealed or "").partition(" ")
    except Exception:
        raise SealedElsewhere() from None
    if number != str(person.id):
        raise SealedElsewhere()
    return secret


def address(secret: str, person: Person) -> str:
    """What the square on the page says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER)


def square(secret: str, person: Person) -> str:
    return str(segno.make(address(secret, person), micro=False).svg_inline(border=2, omitsize=True))


def keep(person: Person, secret: str, code: str) -> None:
    """The app is a way in from now on (in place of an earlier one). Raises WrongCode."""
    step = _step(secret, code, after=0)
    if step is None:
        raise WrongCode()
    db.session.execute(sa.delete(Authenticator).where(Authenticator.person_id == person.id))
    db.session.add(Authenticator(person_id=person.id, secret=secret, last_step=step))


def fits(person_id: int, code: str) -> bool:
    """Whether it is the app's code of now; using it spends it, also where two tries come at once."""
    row = db.session.scalar(sa.select(Authenticator).where(Authenticator.person_id == person_id))
    step = _step(row.secret, code, after=row.last_step) if row else None
    if row is None or step is None:
        return False
    spent = db.session.execute(
        sa.update(Authenticator)
        .where(Authenticator.id == row.id, Authenticator.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def _step(secret: str, code: str, *, after: int) -> int | None:
    """The half minute whose code this is, later than the last one that was used."""
    now, totp = int(clock.now().timestamp()) // HALF_MINUTE, pyotp.TOTP(secret)
    found = [
        now + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(now + drift).encode(), code.encode())
    ]
    return next((step for step in found if step > after), None)

"""Passkeys and hardware keys (WebAuthn). The portal asks, the browser's key answers, and a question is answered once.

A question is no row: it is sealed with its moment and what it is for, goes along with the page's form, and comes back with
the answer; only then is it written down, so that it never counts again. Opening a page changes nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from flask import current_app
from sqlalchemy.orm import joinedload
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Passkey, Person
from portal.foundation import clock, crypto, once
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy

ANSWER_WITHIN = timedelta(minutes=20)
NAME = "Doorstart"
MOST = 10


class NotThisKey(DomainError):
    """The same words for an unknown key, a wrong answer and an old question."""

    sentence = lazy("That passkey did not open anything here. Try again, or choose another way.")


class TooManyKeys(DomainError):
    sentence = lazy("You have ten passkeys. Remove one that you no longer use first.")


@dataclass(frozen=True)
class Question:
    """What the browser is asked: its options for the page, and the sealed question for the form."""

    options: str
    sealed: str


def to_make(person: Person, keys: Sequence[Passkey]) -> Question:
    """Ask for a new passkey, on a device or key that does not hold one yet."""
    challenge, sealed = _question(f"make {person.id}")
    options = webauthn.generate_registration_options(
        rp_id=_host(), rp_name=NAME, user_id=_handle(person.id), user_name=person.email,
        user_display_name=person.name, challenge=challenge, exclude_credentials=[_described(key) for key in keys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )  # fmt: skip
    return Question(webauthn.options_to_json(options), sealed)


def to_show(person_id: int | None, keys: Sequence[Passkey]) -> Question:
    """Ask for a passkey: one of somebody's after the password, or any (with the finger or PIN of its holder) without one."""
    challenge, sealed = _question(f"show {person_id or ''}")
    wanted = UserVerificationRequirement.REQUIRED if person_id is None else UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenge,
        allow_credentials=[_described(key) for key in keys],
        user_verification=wanted,
    )
    return Question(webauthn.options_to_json(options), sealed)


def keep(person: Person, *, name: str, sealed: str, answer: str, keys: Sequence[Passkey]) -> Passkey:
    """A new passkey from what the browser answered. Raises NotThisKey, TooManyKeys."""
    if len(keys) >= MOST:
        raise TooManyKeys()
    challenge = _asked(sealed, f"make {person.id}")
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin(),
            require_user_verification=False,
        )  # fmt: skip
        transports = [str(one)[:20] for one in json.loads(answer).get("response", {}).get("transports") or []][:8]
    except Exception:
        # Whatever a browser sends that is no right answer, in whichever way: the library has many words for it.
        raise NotThisKey() from None
    credential = bytes_to_base64url(made.credential_id)
    key = Passkey(
        person_id=person.id, name=name, credential_mark=_mark(credential), credential=credential,
        public_key=bytes_to_base64url(made.credential_public_key), sign_count=made.sign_count, transports=transports,
        last_used_at=clock.now(),
    )  # fmt: skip
    db.session.add(key)
    db.session.flush()
    return key


def shown(*, sealed: str, answer: str, person_id: int | None) -> Passkey:
    """The passkey behind an answer, with its person. Without a person before, its holder must have been verified by it.

    Raises NotThisKey; also for a key whose counter went back: then there are two of it.
    """
    challenge = _asked(sealed, f"show {person_id or ''}")
    key = _of(answer)
    if key is None or (person_id is not None and key.person_id != person_id) or not key.person.may_sign_in:
        raise NotThisKey()
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin(),
            credential_public_key=webauthn.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count, require_user_verification=person_id is None,
        )  # fmt: skip
    except Exception:
        raise NotThisKey() from None
    key.sign_count, key.last_used_at = seen.new_sign_count, clock.now()
    return key


def _of(answer: str) -> Passkey | None:
    try:
        credential = json.loads(answer)["rawId"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(credential, str):
        return None
    statement = sa.select(Passkey).options(joinedload(Passkey.person))
    return db.session.scalar(statement.where(Passkey.credential_mark == _mark(credential.rstrip("="))))


def _question(purpose: str) -> tuple[bytes, str]:
    word = crypto.token()
    return word.encode(), crypto.cipher().seal(f"{word} {int(clock.now().timestamp())} {purpose}")


def _asked(sealed: str, purpose: str) -> bytes:
    """The question's word, if it is ours, for this, of a moment ago and never answered. It is spent. Raises NotThisKey."""
    try:
        word, moment, about = crypto.cipher().open(sealed).split(" ", 2)
        age = clock.now().timestamp() - int(moment)
    except Exception:
        raise NotThisKey() from None
    if about != purpose or age > ANSWER_WITHIN.total_seconds() or once.led_to(f"passkey {word}") is not None:
        raise NotThisKey()
    once.remember(f"passkey {word}", "")
    return word.encode()


def _described(key: Passkey) -> PublicKeyCredentialDescriptor:
    known = {one.value for one in AuthenticatorTransport}
    ways = [AuthenticatorTransport(one) for one in key.transports if one in known]
    return PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(key.credential), transports=ways or None)


def _handle(person_id: int) -> bytes:
    """What a key remembers of its person: nothing that anybody else can read."""
    return bytes.fromhex(crypto.mark("passkey of", str(person_id)))[:24]


def _mark(credential: str) -> str:
    return crypto.mark("credential", credential)


def _host() -> str:
    """Keys answer for one host only: that of PUBLIC_URL, never of a request."""
    return urlsplit(current_app.extensions["doorstart"].public_url).hostname or ""


def _origin() -> str:
    parts = urlsplit(current_app.extensions["doorstart"].public_url)
    return f"{parts.scheme}://{parts.netloc}"

"""Short ways to and through the second step."""

import hashlib
import json
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from portal.accounts import codes
from portal.accounts.models import Authenticator, Person, SheetKind
from portal.foundation import clock
from portal.foundation.database import db
from tests.visitor import Page, Visitor

PASSWORD = "een zin die niemand raadt"
SECRET = "JBSWY3DPEHPK3PXP" * 2


def sign_in(visitor: Visitor, person: Person, password: str = PASSWORD, **headers: str) -> Page:
    """The password, as far as it leads."""
    visitor.client.environ_base.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    return visitor.open("/sign-in").send(email=person.email, password=password)


def an_app(person: Person) -> Person:
    """Somebody whose app makes codes."""
    db.session.add(Authenticator(person_id=person.id, secret=SECRET))
    db.session.commit()
    return person


def a_sheet(person: Person) -> list[str]:
    """Somebody's list on paper, that counts."""
    made = codes.make(person, SheetKind.PRINTED)
    assert codes.use(person.id, made.pop()) is SheetKind.PRINTED
    db.session.commit()
    return made


def code(secret: str = SECRET, *, half_minutes: int = 0) -> str:
    """What an app shows now, or showed some half minutes ago."""
    return str(pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // 30 + half_minutes))


def codes_on(sheet: Page) -> list[str]:
    assert sheet.tree is not None
    return [" ".join(one.text_content().split()) for one in sheet.tree.xpath("//ol[@class='code-list']/li")]


class Key:
    """A hardware key in software: it makes one passkey and shows it, as a browser would send it."""

    def __init__(self, origin: str = "http://localhost", *, verifies: bool = True) -> None:
        self.origin, self.verifies, self.count = origin, verifies, 0
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()

    def make(self, options: str) -> str:
        numbers = self.secret.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        held = b"\0" * 16 + len(self.id).to_bytes(2, "big") + self.id + public
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(json.loads(options)["rp"]["id"], 0x40) + held}
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": client, "attestationObject": cbor2.dumps(made)}, transports=["usb"])

    def show(self, options: str) -> str:
        self.count += 1
        data, client = self._data(json.loads(options)["rpId"], 0), self._client("webauthn.get", options)
        signed = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signed}, userHandle=None)

    def _data(self, host: str, more: int) -> bytes:
        flags = 0x01 | (0x04 if self.verifies else 0) | more
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: str) -> bytes:
        said = {
            "type": kind,
            "challenge": json.loads(options)["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes], **more: Any) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()} | more
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def question(page: Page) -> str:
    """What a page asks of a passkey."""
    assert page.tree is not None
    return str(page.tree.xpath("//*[@data-passkey]/@data-options")[0])


def answer(page: Page, button: str, credential: str, **more: Any) -> Page:
    """Send the form of a passkey as its script does."""
    return page.send(button, credential=credential, **more)

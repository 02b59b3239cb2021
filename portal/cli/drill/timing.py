"""Whoever measures learns nothing: each door that takes an address is asked with known and unknown ones, in random turns."""

import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import lxml.html
from flask import Flask

from portal.accounts import passwords, service
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.competences import catalogue
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme

# What the portal promises: the difference of medians, in seconds (docs/privacy.md).
PROMISED = 0.010
_DOMAIN = "drill.example"
Watch = Callable[[], float]


class Told(RuntimeError):
    """The two answers differed in more than time, or were not the answers that were asked for."""


@dataclass(frozen=True)
class Door:
    """A page that takes an address: what is sent there for the number-th known or unknown one, and the answer to both."""

    name: str
    path: str
    sent: Callable[[int, bool], dict[str, str]]
    status: int


@dataclass(frozen=True)
class Measured:
    """Seconds."""

    name: str
    known: float
    unknown: float
    tries: int

    @property
    def difference(self) -> float:
        return abs(self.known - self.unknown)

    @property
    def kept(self) -> bool:
        return self.difference < PROMISED


def lay_out(people: int) -> None:
    """A programme, that many people with an account, and one company that somebody speaks for."""
    catalogue.load()
    operator = Organisation(kind=Kind.OPERATOR, name="Drill")
    company = Organisation(kind=Kind.COMPANY, name="Drill bakery", number=number_of(0))
    db.session.add_all([operator, company])
    db.session.flush()
    today = clock.today()
    programme = Programme(
        organisation_id=operator.id, name="Drill", period_start=today, period_end=today + timedelta(days=365)
    )
    kept, now = passwords.hashed(secrets.token_urlsafe()), clock.now()
    db.session.add(programme)
    db.session.flush()
    db.session.add(
        Employer(organisation_id=company.id, programme_id=programme.id, state=EmployerState.VERIFIED, verified_at=now)
    )  # fmt: skip
    db.session.add_all(
        Person(email=address(n, True), first_name="Known", last_name=str(n), language="nl", password_hash=kept, confirmed_at=now)
        for n in range(people)
    )  # fmt: skip
    db.session.flush()
    admin = service.new_person(email=f"admin@{_DOMAIN}", first_name="Ad", last_name="Min", language="nl")
    admin.confirmed_at = now
    service.seat(admin, Role.EMPLOYER_ADMIN, organisation_id=company.id)
    db.session.commit()


def address(number: int, known: bool) -> str:
    return f"{'known' if known else 'other'}{number}@{_DOMAIN}"


def number_of(number: int) -> str:
    """A Belgian company number that passes its check."""
    stem = 4_000_000 + number
    return f"{stem:08d}{97 - stem % 97:02d}"


def doors(client: Any) -> list[Door]:
    filled = _sign_up_fields(client)
    return [
        Door("sign in", "/sign-in", lambda n, known: {"email": address(n, known), "password": address(n, known)}, 422),
        Door("forgotten password", "/password", lambda n, known: {"email": address(n, known)}, 303),
        Door(
            "sign up: the address", "/sign-up",
            lambda n, known: {**filled, "email": address(n, known), "number": number_of(10 + 2 * n + known)}, 303,
        ),
        Door(
            "sign up: the number", "/sign-up",
            lambda n, known: {
                **filled, "email": f"n{int(known)}-{n}@{_DOMAIN}", "number": number_of(0 if known else 900_000 + n)
            },
            303,
        ),
    ]  # fmt: skip


def measure(app: Flask, tries: int, seed: int, watch: Watch = time.perf_counter) -> Iterator[Measured]:
    """Each door, `tries` times on either side; both sides must get the same answer. Raises Told.

    `watch`: where the machine is busy with other things, the processor's time says more (time.thread_time).
    """
    turns = random.Random(seed)  # nosec B311: an order, no secret
    client = app.test_client()
    token = _form(client, "/password").fields["csrf_token"]
    yield from (at(client, door, token, tries, turns, watch) for door in doors(client))


def at(client: Any, door: Door, token: str, tries: int, turns: random.Random, watch: Watch) -> Measured:
    taken: dict[bool, list[float]] = {True: [], False: []}
    answers = set()
    for number in range(-5, tries):
        for known in turns.sample((True, False), 2):
            # Each try comes from a place of its own, so that none meets the limit on tries.
            place = {"REMOTE_ADDR": f"10.{number % 250}.{number // 250 + 1}.{1 + known}"}
            data = {**door.sent(max(number, 0) if number >= 0 else tries - number, known), "csrf_token": token}
            data["once"] = secrets.token_urlsafe(24)
            began = watch()
            answer = Context().run(lambda: client.post(door.path, data=data, environ_base=place))  # noqa: B023 (run at once)
            took = watch() - began
            answers.add(
                (
                    answer.status_code,
                    answer.headers.get("Location"),
                    len(answer.data) if answer.status_code == 303 else 0,
                )
            )
            if number >= 0:
                taken[known].append(took)
    if len(answers) != 1 or next(iter(answers))[0] != door.status:
        raise Told(f"{door.name}: {sorted(map(str, answers))}")
    return Measured(door.name, statistics.median(taken[True]), statistics.median(taken[False]), tries)


def _sign_up_fields(client: Any) -> dict[str, str]:
    """A believable company: the first choice of each list."""
    filled = {
        "name": "Bakkerij Drill", "street": "Korenmarkt 1", "postcode": "9000", "municipality": "Gent", "first_name": "An",
        "last_name": "Drill", "phone": "0470 12 34 56",
    }  # fmt: skip
    form = _form(client, "/sign-up")
    for field in form.xpath(".//select"):
        filled[field.get("name")] = next(one for one in field.value_options if one)
    for field in form.xpath(".//input[@type='checkbox']"):
        filled.setdefault(field.get("name"), field.get("value"))
    return filled


def _form(client: Any, path: str) -> Any:
    return lxml.html.fromstring(Context().run(client.get, path).get_data(as_text=True)).xpath(
        "//main//form[@method='post']"
    )[-1]

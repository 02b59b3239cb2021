"""The house tests its own doors: every address, every role, real answers."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.cli.running import table
from portal.config import ROOT
from portal.foundation import access
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from tests.factories import a_person
from tests.visitor import Visitor

WHO = ["visitor", *[role.value for role in Role]]


def address(rule: Rule) -> str:
    """A rule's address with something in each gap that no row has."""
    values = {
        name: (999_999 if isinstance(rule._converters[name], IntegerConverter) else "zzzzzzzzzzzz")
        for name in rule.arguments
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return str(built[1])


def somebody(role: str) -> Person | None:
    if role == "visitor":
        return None
    organisation = None
    if role in EMPLOYERS or role == Role.AMBASSADOR:
        organisation = Organisation(kind=Kind.COMPANY, name="Bakkerij Soetaert", number="0403170701")
        db.session.add(organisation)
        db.session.flush()
    return a_person(role=Role(role), organisation=organisation)


def rules(app: Flask, method: str) -> list[Rule]:
    return [r for r in app.url_map.iter_rules() if method in (r.methods or ()) and not r.endpoint.endswith("static")]


@pytest.mark.parametrize("role", WHO)
def test_a_door_opens_to_whom_its_policy_names_and_to_nobody_else(
    app: Flask, visitors: Any, role: str, post: Any
) -> None:
    person = somebody(role)
    visitor: Visitor = visitors(person)
    who = access.Viewer(person_id=1, seats=(access.Seat(role),)) if person else access.NOBODY
    for rule in rules(app, "GET"):
        policy = access.policy_of(app, rule.endpoint)
        assert policy is not None
        answer = visitor._ask(lambda rule=rule: visitor.client.get(address(rule)))
        to_sign_in = answer.status == 303 and answer.response.location.endswith("/sign-in")
        if policy.allows(who):
            assert answer.status not in {401, 403, 500} and not to_sign_in, (
                f"{role} may enter {rule} but got {answer.status}"
            )
        elif person is None:
            assert to_sign_in, f"a visitor got {answer.status} at {rule}"
        else:
            assert answer.status == 403, f"{role} got {answer.status} at {rule}"


@pytest.mark.parametrize("role", WHO)
def test_nothing_is_done_without_the_token_of_the_form(app: Flask, visitors: Any, role: str) -> None:
    visitor: Visitor = visitors(somebody(role))
    for rule in rules(app, "POST"):
        answer = visitor._ask(lambda rule=rule: visitor.client.post(address(rule), data={"press": "y"}))
        assert answer.status in {400, 404}, f"{role} posted to {rule} without a token: {answer.status}"


def test_docs_and_doors_agree(app: Flask) -> None:
    written = (ROOT / "docs" / "access.md").read_text()
    lines = {line.strip() for line in written.splitlines() if line.startswith("| `/")}
    there = {f"| `{rule}` | `{endpoint}` | {methods} | {policy} |" for rule, endpoint, methods, policy in table(app)}
    assert lines == there, "docs/access.md is behind: run `flask --app portal access-table`"


def test_an_unknown_address_and_a_closed_one_say_the_same_to_a_visitor(visitor: Visitor) -> None:
    visitor.open("/nothing/here", status=404).says("Hier is niets")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/healthz", "/me"])
def test_security_headers_stand_on_every_answer(visitor: Visitor, path: str) -> None:
    headers = visitor.client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"

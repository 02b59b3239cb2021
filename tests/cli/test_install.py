"""A real operator's first minutes: an empty portal, one command, one letter, no demo data."""

from typing import Any

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.candidates.models import Candidate
from portal.competences.models import Competence
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme, Site, SiteKind, Template
from tests.visitor import Visitor

OPTIONS = {
    "--operator": "Vzw Nieuwe Start", "--programme": "Start Limburg", "--period-start": "2026-01-01", "--period-end": "2026-12-31",
    "--admin-name": "Nora Van Hove", "--admin-email": "Nora@nieuwestart.example", "--language": "fr",
}  # fmt: skip


def install(app: Flask, **instead: str) -> Result:
    options = OPTIONS | {f"--{name.replace('_', '-')}": value for name, value in instead.items()}
    return app.test_cli_runner().invoke(args=["install", *(part for pair in options.items() for part in pair)])


def number(model: Any, *where: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count(model.id)).where(*where)) or 0


def test_an_empty_portal_gets_its_operator_its_programme_and_what_every_programme_needs(app: Flask, post: Any) -> None:
    assert install(app).exit_code == 0
    operator = db.session.scalars(sa.select(Organisation).where(Organisation.kind == Kind.OPERATOR)).one()
    assert operator.name == "Vzw Nieuwe Start"
    programme = db.session.scalars(sa.select(Programme)).one()
    assert (programme.name, programme.organisation_id) == ("Start Limburg", operator.id)
    assert number(Template, Template.programme_id == programme.id) == 5
    assert number(Site, Site.kind == SiteKind.PRISON) > 30
    assert number(Competence) > 100
    assert number(Candidate) == 0


def test_the_first_administrator_is_invited_by_letter_and_chooses_a_password(
    app: Flask, post: Any, visitor: Visitor
) -> None:
    result = install(app)
    letter = post.last("nora@nieuwestart.example", "accounts/welcome")
    assert letter.path("/welcome/") in result.output
    person = db.session.scalars(sa.select(Person)).one()
    assert (person.first_name, person.last_name, person.language) == ("Nora", "Van Hove", "fr")
    assert db.session.scalars(sa.select(Membership.role)).all() == [Role.ADMINISTRATOR]
    page = visitor.open(letter.path("/welcome/"))
    assert page.send(password="een lange zin als wachtwoord").status == 200


def test_a_second_installation_is_refused_and_changes_nothing(app: Flask, post: Any) -> None:
    install(app)
    again = install(app, operator="Somebody else", admin_email="else@example.org")
    assert again.exit_code == 1
    assert "Installed already, for Vzw Nieuwe Start" in again.output
    assert number(Organisation) == number(Programme) == number(Person) == 1


def test_the_catalogue_that_is_there_already_is_not_doubled(app: Flask, post: Any) -> None:
    before = number(Competence)
    install(app)
    assert number(Competence) == before


def test_what_is_missing_is_asked_for(app: Flask, post: Any) -> None:
    answers = "\n".join(
        ["Vzw Nieuwe Start", "Start Limburg", "", "", "Nora Van Hove", "nora@nieuwestart.example", "nl"]
    )
    result = app.test_cli_runner().invoke(args=["install"], input=answers + "\n")
    assert result.exit_code == 0
    assert "Name of the organisation" in result.output
    assert number(Programme) == 1


def test_nonsense_is_refused_before_anything_is_written(app: Flask) -> None:
    assert install(app, admin_email="no address").exit_code == 2
    assert install(app, period_end="2025-01-01").exit_code == 2
    assert install(app, operator=" ").exit_code == 2
    assert number(Organisation) == 0

"""Setting up the portal of a real operator: the organisation, its first programme, and the first administrator."""

from dataclasses import dataclass
from datetime import date, datetime

import click
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask import current_app

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import PersonalLink
from portal.accounts.roles import Role
from portal.cli.running import migrate_now
from portal.competences import catalogue
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.words import LANGUAGES
from portal.journal import service as journal
from portal.organisations.models import Kind, Organisation
from portal.programmes import service as programmes
from portal.programmes import sites
from portal.programmes.models import Programme


@dataclass(frozen=True)
class Wishes:
    """What is asked at installation."""

    operator: str
    programme: str
    period_start: date
    period_end: date
    admin_name: str
    admin_email: str
    language: str


class Installed(click.ClickException):
    def __init__(self, operator: str) -> None:
        super().__init__(f"Installed already, for {operator}. Nothing was changed.")


@click.command("install")
@click.option("--operator", prompt="Name of the organisation that hosts the portal")
@click.option("--programme", prompt="Name of its first programme")
@click.option(
    "--period-start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: f"{clock.today().year}-01-01",
    prompt="First day of the programme's year",
)
@click.option(
    "--period-end",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: f"{clock.today().year}-12-31",
    prompt="Last day of the programme's year",
)
@click.option("--admin-name", prompt="First and last name of the first administrator")
@click.option("--admin-email", prompt="E-mail address of the first administrator")
@click.option(
    "--language", type=click.Choice(sorted(LANGUAGES)), default="nl", prompt="Language of the first administrator"
)
def install_portal(
    operator: str, programme: str, period_start: datetime, period_end: datetime, admin_name: str, admin_email: str, language: str
) -> None:  # fmt: skip
    """Set up an empty portal for a real operator: no demo data."""
    wishes = Wishes(
        operator.strip(), programme.strip(), period_start.date(), period_end.date(), admin_name.strip(),
        _address(admin_email), language,
    )  # fmt: skip
    _check(wishes)
    if not sa.inspect(db.session.connection()).has_table(Organisation.__tablename__):
        db.session.remove()
        migrate_now()
    _refuse_twice()
    with acting.as_(None, "install"):
        link = set_up(wishes)
        db.session.commit()
    _say(wishes, link)


def set_up(wishes: Wishes) -> PersonalLink:
    """Everything in one transaction; gives the administrator's link to choose a password."""
    operator = Organisation(kind=Kind.OPERATOR, name=wishes.operator)
    db.session.add(operator)
    db.session.flush()
    programme = Programme(
        organisation_id=operator.id,
        name=wishes.programme,
        period_start=wishes.period_start,
        period_end=wishes.period_end,
    )
    db.session.add(programme)
    db.session.flush()
    programmes.load_templates(programme)
    sites.load()
    catalogue.load()
    first, _, last = wishes.admin_name.partition(" ")
    person = accounts.invite(
        email=wishes.admin_email, first_name=first, last_name=last, language=wishes.language,
        role=Role.ADMINISTRATOR, organisation_id=operator.id,
    )  # fmt: skip
    journal.note("portal.installed", operator)
    db.session.flush()
    mine = (PersonalLink.purpose == "welcome", PersonalLink.subject_id == person.id)
    return (
        db.session.scalars(sa.select(PersonalLink).where(*mine).order_by(PersonalLink.id.desc())).first() or _no_link()
    )


def _no_link() -> PersonalLink:
    raise RuntimeError("the invitation left no link")


def _address(text: str) -> str:
    try:
        return str(validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError as error:
        raise click.BadParameter(f"{error}", param_hint="--admin-email") from None


def _check(wishes: Wishes) -> None:
    if not wishes.operator or not wishes.programme or not wishes.admin_name:
        raise click.UsageError("The organisation, the programme and the administrator each need a name.")
    if wishes.period_end <= wishes.period_start:
        raise click.BadParameter("The last day comes after the first.", param_hint="--period-end")


def _refuse_twice() -> None:
    operator = db.session.scalar(sa.select(Organisation.name).where(Organisation.kind == Kind.OPERATOR))
    if operator is not None:
        raise Installed(operator)


def _say(wishes: Wishes, link: PersonalLink) -> None:
    settings = current_app.extensions["doorstart"]
    click.echo(f"{wishes.operator} is set up, with the programme {wishes.programme}.")
    if settings.mail_server:
        click.echo(f"A letter to {wishes.admin_email} is on its way: it leads to choosing a password.")
    else:
        click.echo("No mail server is set up yet. Give this link to the administrator; it is good once, for 14 days:")
        click.echo(f"  {links.url_of(link)}")
    if settings.demo:
        click.echo(
            "This is demo mode: the demo sign-in lets anybody step into any role. Before real people come in, run with "
            "DOORSTART_MODE=production (docs/operations.md)."
        )

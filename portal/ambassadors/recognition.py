"""Recognition: who is an ambassador today, since when, at which level; the certificate and the badge say nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.ambassadors import fairs
from portal.ambassadors.models import Ambassador, AmbassadorState, Level
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock, documents
from portal.foundation.addresses import address_of
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.host import operator_name
from portal.foundation.options import label
from portal.foundation.words import _, date_long, language, pick, speaking
from portal.journal import service as journal
from portal.organisations.models import Organisation

# One word of a drawing, short enough to stand in it.
BADGE = {"nl": "Ambassadeur", "fr": "Ambassadrice", "en": "Ambassador"}


@dataclass(frozen=True)
class Recognised:
    """What stands behind a badge today. `valid` False tells nothing more."""

    valid: bool
    company: str = ""
    level: str = ""
    since: date | None = None


def behind(key: str) -> Recognised:
    """What a verify page may say. Raises NotFound for a key that never was."""
    row = db.session.execute(
        sa.select(
            Ambassador.state, Ambassador.level, Employer.state.label("employer"), Organisation.name,
            Employer.organisation_id,
        )
        .join(Employer, Employer.id == Ambassador.employer_id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Ambassador.key == key, Ambassador.state.not_in([AmbassadorState.APPLIED, AmbassadorState.REJECTED]))
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    standing = row.state is AmbassadorState.ACTIVE and row.employer is not EmployerState.BLOCKED
    since = _since(row.organisation_id) if standing else None
    return Recognised(False) if since is None else Recognised(True, row.name, level_label(row.level), since)


def _since(organisation_id: int) -> date | None:
    """From which day a company is an ambassador without a break, also where one person took over from another."""
    seats = db.session.execute(
        sa.select(Membership.since, Membership.until)
        .where(Membership.role == Role.AMBASSADOR, Membership.organisation_id == organisation_id)
        .order_by(Membership.since.desc())
    )
    began: date | None = None
    for since, until in seats:
        last = until or clock.today()
        if last >= (began - timedelta(days=1) if began is not None else clock.today()):
            began = since
    return began


def level_label(level: Level) -> str:
    return label("ambassadors", "levels", level.value, "charter")


def verify_url(ambassador: Ambassador) -> str:
    return str(address_of("ambassadors.verify", key=ambassador.key))


def certificate(ambassador: Ambassador) -> bytes:
    """This year's certificate, in the language of who asks for it: the company, its level, and how to check it."""
    found = behind(ambassador.key)
    if not found.valid or found.since is None:
        raise NotFound()
    url = verify_url(ambassador)
    title = _("Certificate of %(company)s", company=found.company)
    data = {
        "kicker": _("Ambassador %(year)s", year=clock.today().year), "company": found.company, "level": _("Level: %(level)s", level=found.level),
        "words": _("This company judges people by what they can do, and brings other companies along."),
        "since": _("Ambassador since %(day)s", day=date_long(found.since)),
        "given": _("Given on %(day)s", day=date_long(clock.today())), "by": operator_name(),
        "check": _("Whether it is valid today stands here:"), "url": url, "code": fairs.picture(url),
        "alt": _("A code that opens the page on which this certificate can be checked"),
    }  # fmt: skip
    return documents.pdf("ambassadors/certificate.typ", data, language=language(), title=title)


def badge_words(level: Level, code: str) -> tuple[str, str]:
    """(the word on the badge, its level) in a language."""
    with speaking(code):
        return pick(BADGE), level_label(level)


def badge_alt(level: Level, code: str) -> str:
    """What the badge says, for who does not see it, in a language."""
    with speaking(code):
        return _("%(topic)s:", topic=pick(BADGE)) + " " + level_label(level)


def choose_named(ambassador: Ambassador, *, named: bool) -> None:
    """A company stands on the public page by its own choice, from and until the next request."""
    if ambassador.named_publicly != named:
        ambassador.named_publicly = named
        journal.note("ambassador.named" if named else "ambassador.unnamed", ambassador)

"""Eight companies that signed the charter, in each state, and the peers that they invited."""

from datetime import timedelta

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.ambassadors import charter
from portal.ambassadors.models import (
    Ambassador,
    AmbassadorState,
    DoNotAsk,
    Invitation,
    InvitationState,
    Level,
    Signature,
)
from portal.ambassadors.said_no import mark_of
from portal.cli.demo.world import DAY, Company, World
from portal.foundation.database import db
from portal.foundation.words import pick

A, V = AmbassadorState, InvitationState
LEVELS = {"verlinden": Level.PIONEER, "kanteldijk": Level.PIONEER, "soepketel": Level.ENGAGED}
STATES = {"tweedekans": A.PAUSED, "groentenkaai": A.APPLIED}
# Who became an ambassador this month, and invited nobody yet.
NEW = "soepketel"
ASKED = ("verlinden", "soetaert", "kanteldijk", "propera", "afvalring")
# Peers that are no company of the portal (yet): who invited them, what became of it, how many days ago.
OTHERS = (
    ("verlinden", "Carrosserie Wielemans", "Rik Wielemans", V.SENT, 3), ("verlinden", "Bandenhuis Tavernier", "Mia Tavernier", V.SENT, 12),
    ("verlinden", "Fietspunt Cnudde", "Bram Cnudde", V.DECLINED, 40), ("verlinden", "Autoglas Heyse", "Luc Heyse", V.DRAFT, 1),
    ("soetaert", "Bakkerij Braeckman", "An Braeckman", V.SENT, 8), ("soetaert", "Molen Vergote", "Piet Vergote", V.WITHDRAWN, 70),
    ("kanteldijk", "Grondwerken Sabbe", "Tom Sabbe", V.DECLINED, 55), ("kanteldijk", "Gevelbouw Mestdagh", "Kris Mestdagh", V.SENT, 20),
    ("propera", "Ramenwasserij Helder", "Inge Clement", V.WITHDRAWN, 90), ("afvalring", "Papierhandel Coene", "Jan Coene", V.DECLINED, 30),
)  # fmt: skip


def write(world: World) -> None:
    known = [c for c in world.companies.values() if c.data["standing"] == "ambassador" or c.data["code"] in STATES]
    rows = {company.data["code"]: _ambassador(world, company) for company in known}
    db.session.add_all(rows.values())
    db.session.flush()
    for nth, company in enumerate(known):
        _sign(world, company, rows[company.data["code"]], nth)
    _came(world, rows)
    for where, name, contact, state, days in OTHERS:
        _other(world, rows[where], name, contact, state, days)
    db.session.flush()


def _ambassador(world: World, company: Company) -> Ambassador:
    code = company.data["code"]
    state = STATES.get(code, A.ACTIVE)
    quotes = {one["company"]: pick(one, company.data["language"]) for one in world.sentences["testimonials"]}
    return Ambassador(
        employer_id=company.employer.id, person_id=company.admin.id, state=state, level=LEVELS.get(code, Level.ACTIVE if state == A.ACTIVE else Level.ENGAGED),
        named_publicly=state == A.ACTIVE and code != "propera", quote=quotes.get(code, "")[:300],
    )  # fmt: skip


def _sign(world: World, company: Company, row: Ambassador, nth: int) -> None:
    day = world.ago(12 if company.data["code"] == NEW else 2 if row.state == A.APPLIED else 300 - 25 * nth)
    row.created_at = world.moment(day)
    text = charter.in_force(company.data["language"])
    db.session.add(
        Signature(
            ambassador_id=row.id, charter_version=text.version, text_hash=text.hash, language=text.language,
            signed_name=company.admin.name, signed_on=day, created_at=row.created_at,
        )
    )  # fmt: skip
    if row.state != A.APPLIED:
        db.session.add(
            Membership(
                person_id=company.admin.id,
                role=Role.AMBASSADOR,
                organisation_id=company.employer.organisation_id,
                since=day + 3 * DAY,
            )
        )


def _came(world: World, rows: dict[str, Ambassador]) -> None:
    """The companies of the portal that came with an ambassador's letter: what it said is forgotten by now."""
    for company in world.companies.values():
        inviter = rows.get(company.data["invited_by"])
        employer = company.employer
        if inviter is None or employer.registered_at is None:
            continue
        sent = employer.registered_at - timedelta(days=world.rng.randint(2, 9))
        invitation = Invitation(
            ambassador_id=inviter.id, company_name=company.data["name"], contact_name="", address=None,
            address_mark=mark_of(company.data["contact"]["email"]), language=company.data["language"], words="",
            state=V.REGISTERED, employer_id=employer.id, sent_at=sent, answered_at=employer.registered_at, created_at=sent,
        )  # fmt: skip
        db.session.add(invitation)
        db.session.flush()
        employer.invitation_id = invitation.id


def _other(world: World, inviter: Ambassador, name: str, contact: str, state: InvitationState, days: int) -> None:
    address = f"{contact.lower().replace(' ', '.')}@{name.lower().replace(' ', '-')}.example"
    open_still = state in {V.SENT, V.DRAFT}
    sent = None if state == V.DRAFT else world.moment(world.ago(days))
    said = {one["company"]: one["nl"] for one in world.sentences["invitations"]}
    code = next(c.data["code"] for c in world.companies.values() if c.employer.id == inviter.employer_id)
    db.session.add(
        Invitation(
            ambassador_id=inviter.id, company_name=name, contact_name=contact if open_still else "",
            address=address if open_still else None, address_mark=mark_of(address), words=said.get(code, "") if open_still else "",
            state=state, sent_at=sent, reminders=1 if state == V.SENT and days > 10 else 0,
            reminded_at=world.moment(world.ago(days - 8)) if state == V.SENT and days > 10 else None,
            answered_at=world.moment(world.ago(days - 4)) if state == V.DECLINED else None,
            created_at=sent or world.moment(world.ago(days)),
        )
    )  # fmt: skip
    if state == V.DECLINED:
        db.session.add(DoNotAsk(address_mark=mark_of(address)))

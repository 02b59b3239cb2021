"""Cards of the team: the talks that come, where people stand; and for the administrator who signs in and what leaves."""

import sqlalchemy as sa
from flask import url_for

from portal.accounts.models import Person
from portal.accounts.roles import STAFF, Role
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _, _n, date_short, time_short
from portal.interviews import queries as interviews
from portal.outbox.models import Letter, LetterState
from portal.site.card import Card
from portal.trajectories import queries as trajectories
from portal.trajectories.standing import STATES


def next_talks(viewer: Viewer) -> Card | None:
    """For staff: the first interviews to come, with their day and company; names stay in the interview itself."""
    if not viewer.has(*STAFF):
        return None
    coming = interviews.next_of_staff(viewer)
    if not coming:
        return Card(
            _("Interviews"), _("No interview is planned."),
            _("As soon as a candidate says yes to a company, you choose a moment."),
            url_for("interviews.index"), _("All interviews"),
        )  # fmt: skip
    lines = tuple(
        (
            f"{date_short(one.starts_at)}, {time_short(one.starts_at)}",
            one.company,
            url_for("interviews.show", key=one.key),
        )
        for one in coming
    )
    return Card(_("Next interviews"), "", url=url_for("interviews.index"), label=_("All interviews"), lines=lines)


def people_on_their_way(viewer: Viewer) -> Card | None:
    """For staff: how many people stand where, in words."""
    if not viewer.has(*STAFF):
        return None
    found = trajectories.under_way(viewer)
    title = _("People") if viewer.has(Role.COORDINATOR) else _("My people")
    number = sum(found.values())
    url, label = url_for("candidates.index"), _("Everybody, by what is next")
    if not number:
        return Card(title, _("Nobody is on the way yet."), _("A case begins with a referral by a partner."), url, label)
    words = " · ".join(f"{found[state]}\N{NO-BREAK SPACE}{word}" for state, word in STATES.items() if found.get(state))
    return Card(title, _n("One person is on the way.", "%(num)s people are on the way.", number), words, url, label)


def accounts(viewer: Viewer) -> Card | None:
    """For the administrator: who can sign in, and who was invited and did not answer yet."""
    if not viewer.has(Role.ADMINISTRATOR):
        return None
    statement = sa.select(
        sa.func.count(sa.case((Person.confirmed_at.is_not(None), 1))),
        sa.func.count(sa.case((Person.confirmed_at.is_(None), 1))),
    ).where(Person.deactivated_at.is_(None))
    able, invited = db.session.execute(statement).one()
    return Card(
        _("Accounts"), _n("One person can sign in.", "%(num)s people can sign in.", able),
        _n("One invitation waits for an answer.", "%(num)s invitations wait for an answer.", invited)
        if invited else _("No invitation waits for an answer."),
        url_for("accounts.people"), _("All accounts"),
    )  # fmt: skip


def letters(viewer: Viewer) -> Card | None:
    """For the administrator: whether the letters leave."""
    if not viewer.has(Role.ADMINISTRATOR):
        return None
    statement = sa.select(
        sa.func.count(sa.case((Letter.state == LetterState.WAITING, 1))),
        sa.func.count(sa.case((Letter.state == LetterState.GIVEN_UP, 1))),
    )
    waiting, given_up = db.session.execute(statement).one()
    return Card(
        _("Letters"),
        _n("One letter waits to leave.", "%(num)s letters wait to leave.", waiting) if waiting else _("All letters have left."),
        _n("One did not arrive: the coordinator calls.", "%(num)s did not arrive: the coordinator calls.", given_up)
        if given_up else _("None was given up."),
    )  # fmt: skip

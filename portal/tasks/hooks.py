"""A letter that found no way in 72 hours is given to a person."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts import links
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.signals import letter_given_up
from portal.foundation.words import lazy
from portal.outbox.service import check_before_sending
from portal.tasks import digest, digest_sending, digest_views
from portal.tasks import service as tasks

links.opens(digest.STOP, "tasks.stop")
links.opens(digest_sending.PURPOSE, "tasks.week")
check_before_sending(digest_sending.LETTER)(digest_sending.still_wanted)
jobs.each_minute["tasks.digest"] = digest_sending.send_due


def install(app: Flask) -> None:
    digest_views.open_to_mail_programs(app)


def _forget_weeks() -> None:
    digest_sending.purge()
    db.session.commit()


jobs.each_night["tasks.weeks"] = _forget_weeks

tasks.kind(
    "outbox.given_up",
    title=lazy("A letter to %(to)s did not arrive"),
    why=lazy("We tried for 72 hours. Call, or look at the address."),
    action=lazy("Look at it"),
)


@letter_given_up.connect
def _to_a_person(letter: Any) -> None:
    """To the coordinators: of the programme where the reader has a seat, or of any when the reader has none."""
    kind, _, number = letter.recipient_ref.partition(":")
    programme = None
    if kind == "person":
        programme = db.session.scalar(
            sa.select(Membership.programme_id).where(Membership.person_id == int(number)).limit(1)
        )
    tasks.open_task(
        "outbox.given_up", letter, due=clock.today(), at=("tasks.letter", {"number": letter.message_id}), role=Role.COORDINATOR, programme_id=programme,
        to=letter.address or letter.recipient_ref,
    )  # fmt: skip

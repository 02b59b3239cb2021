"""The week's letter opens a form about a colleague by the reader's own link: at once, once, for nobody else, never stored."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.aftercare import service, week_letter
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.aftercare.queries import PURPOSE
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.tasks import digest_sending
from tests.aftercare.test_forms import EMPLOYER
from tests.aftercare.test_weeks import check_in, night
from tests.candidates.test_finding_names import statements
from tests.factories import a_person
from tests.placements.factories import Cast, a_cast, a_start
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
# Week 2 is asked on Monday 12 October 2026; the week's letter comes on Tuesday at eight.
TUESDAY, WEEK_LATER = "2026-10-13 06:30:00+00:00", "2026-10-20 06:30:00+00:00"


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as traveller:
        yield traveller


def asked(at: Any) -> tuple[Cast, CheckIn]:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-12")
    return cast, check_in(placement, Voice.EMPLOYER, "week2")


def ways_in() -> list[PersonalLink]:
    return list(db.session.scalars(sa.select(PersonalLink).where(PersonalLink.purpose == PURPOSE)))


@pytest.mark.engine
def test_the_form_opens_without_signing_in_and_is_answered_once(at: Any, post: Any, visitor: Visitor) -> None:
    cast, moment = asked(at)
    own = post.last(cast.contact.email, "aftercare/form").path("/form/")
    at.move_to(TUESDAY)
    digest_sending.send_due()
    letter = post.last(cast.contact.email, "tasks/digest")
    assert letter.path("/form/") == own, "one living link, in both letters"
    assert "/aftercare/moment/" not in letter.html
    week = visitor.open(letter.path("/week/").partition("#")[0]).says("Formulier invullen").lacks("Karim", "Benali")
    assert len(week.queries) <= 8 and not [one for one in week.queries if one.startswith(("INSERT", "UPDATE"))]
    page = week.follow("Formulier invullen").says("Hoe loopt het met je nieuwe collega?").lacks("Karim", "Benali")
    assert page.send(**EMPLOYER).h1 == "Het is verstuurd"
    db.session.refresh(moment)
    assert (moment.state, moment.answered_by) == (CheckInState.DONE, "link")
    for letter_way in (own, letter.path("/form/")):
        visitor.open(letter_way, status=410).says("Het formulier is al verstuurd")
    visitor.open(letter.path("/week/").partition("#")[0]).says("Alles is in orde")


def test_no_token_lies_in_the_letter_that_waits(at: Any, post: Any) -> None:
    cast, _moment = asked(at)
    at.move_to(TUESDAY)
    digest_sending.send_due()
    waiting = db.session.scalars(sa.select(Letter).where(Letter.template == digest_sending.LETTER)).one()
    (way,) = ways_in()
    assert links.token_of(way).partition("-")[2] not in str(waiting.values)
    assert str(waiting.values).count("$link") == 2, "its own page and the form: both written out at sending"
    assert post.last(cast.contact.email, "tasks/digest").path("/form/")


def test_a_link_that_lapses_this_week_gets_a_younger_one_and_one_answer_closes_both(
    at: Any, post: Any, visitor: Visitor
) -> None:
    cast, _moment = asked(at)
    old = post.last(cast.contact.email, "aftercare/form").path("/form/")
    at.move_to("2026-11-10 07:30:00+00:00")
    digest_sending.send_due()
    young = post.last(cast.contact.email, "tasks/digest").path("/form/")
    assert young != old
    visitor.open(old).says("Hoe loopt het met je nieuwe collega?")
    assert visitor.open(young).send(**EMPLOYER).h1 == "Het is verstuurd"
    visitor.open(old, status=410)
    assert all(one.withdrawn_at is not None for one in ways_in())


def test_the_letter_of_next_week_makes_no_second_link(at: Any, post: Any) -> None:
    asked(at)
    for moment in (TUESDAY, WEEK_LATER):
        at.move_to(moment)
        assert digest_sending.send_due() == 1
    assert len(ways_in()) == 1


def test_nobody_but_the_contact_gets_a_link(at: Any, post: Any) -> None:
    cast, moment = asked(at)
    stranger = a_person("vreemd@example.org")
    assert week_letter.ways({(moment.id, stranger.id)}, make=True) == {}
    assert week_letter.ways({(moment.id, cast.contact.id)}, make=True) != {}
    service.skip(moment, "the shop was closed")
    assert week_letter.ways({(moment.id, cast.contact.id)}, make=True) == {}


def test_a_preview_shows_the_line_and_makes_no_link(at: Any, post: Any, visitors: Any) -> None:
    cast, _moment = asked(at)
    (way,) = ways_in()
    way.expires_at = way.created_at
    db.session.commit()
    page = visitors(cast.contact).open("/me/letters/preview").says("Formulier invullen")
    assert len(page.queries) <= 8
    assert len(ways_in()) == 1


def test_many_readers_ask_as_many_questions_as_one(at: Any, post: Any) -> None:
    """The links of a batch are found together, and written together."""
    whose = []
    for number in range(6):
        cast = a_cast(company=f"Bakkerij {number}")
        moment = check_in(a_start(cast), Voice.EMPLOYER, "week2")
        moment.state, moment.asked_on = CheckInState.DUE, moment.due
        whose.append((moment.id, cast.contact.id))
    db.session.commit()
    asked_for = []
    for some in (whose[:1], whose):
        with statements() as seen:
            assert len(week_letter.ways(some, make=True)) == len(some)
        asked_for.append(len([one for one in seen if not one.startswith("INSERT")]))
        db.session.rollback()
    assert asked_for[0] == asked_for[1] <= 2

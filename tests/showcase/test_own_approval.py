"""The candidate approves the whole by a link, on the very page that companies will see; or says what should change."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Channel, Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.showcase.models import Profile
from portal.showcase.states import ProfileState
from portal.tasks.models import Task
from tests.showcase.factories import a_worker, an_approved_profile

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def waiting(app: Any) -> Profile:
    """A profile that was read by a second person: its candidate is next."""
    profile = an_approved_profile(a_worker(), a_worker("Sam"), headline="Zet rekken vlot en veilig in elkaar")
    profile.state = ProfileState.CANDIDATE_APPROVAL
    standing = consents.standing(profile.candidate_id, Purpose.PROFILE)
    assert standing is not None
    db.session.delete(standing)
    db.session.commit()
    return profile


def link_of(profile: Profile, worker: Any) -> str:
    """The path of the address that the worker hands over, on the sheet with its square."""
    key = handle(profile.candidate_id).key
    page = worker.open(f"/people/{key}/profile/approval").send("Maak een link voor de kandidaat")
    page.says("Of antwoord op een telefoon")
    assert page.tree.xpath("//*[local-name()='svg']")
    address = str(page.tree.xpath("//p[@class='address']")[0].text_content())
    return "/" + address.split("://", 1)[1].partition("/")[2]


def fresh(profile: Profile) -> Profile:
    db.session.expire_all()
    return db.session.get_one(Profile, profile.id)


def test_a_yes_by_link_is_kept_as_one(waiting: Profile, visitors: Any) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    path = link_of(waiting, visitors(lien))
    page = visitors().open(path)
    page.says("Zet rekken vlot en veilig in elkaar", "Bedrijven zien deze pagina").lacks(
        "Karim", "Benali", "Dendermonde"
    )
    page.send("Versturen", said="yes").says("Dank je")
    assert fresh(waiting).state == ProfileState.APPROVED
    consent = consents.standing(waiting.candidate_id, Purpose.PROFILE)
    assert consent is not None and (consent.channel, consent.language) == (Channel.LINK, "nl")
    closed = db.session.scalars(
        sa.select(Task).where(Task.kind == "showcase.record_approval", Task.closed_at.is_(None))
    )
    assert not closed.all()
    visitors().open(path, status=410).lacks("Zet rekken")


def test_the_page_speaks_the_language_that_is_chosen_and_the_consent_says_which(
    waiting: Profile, visitors: Any
) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    path = link_of(waiting, visitors(lien))
    candidate = visitors()
    candidate.client.set_cookie("language", "fr")
    candidate.open(path).says("Les entreprises voient cette page").send("Envoyer", said="yes").says("Merci")
    consent = consents.standing(waiting.candidate_id, Purpose.PROFILE)
    assert consent is not None and consent.language == "fr"


def test_a_wish_goes_back_to_the_worker_in_the_candidates_words(waiting: Profile, visitors: Any) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    path = link_of(waiting, visitors(lien))
    page = visitors().open(path)
    assert page.send("Versturen", said="change").status == 422
    page.send("Versturen", said="change", change="Schrijf niet dat ik alleen werk.").says("past het aan")
    assert fresh(waiting).state == ProfileState.DRAFT
    assert consents.standing(waiting.candidate_id, Purpose.PROFILE) is None
    visitors(lien).open("/").follow("Pas het aan").says("Schrijf niet dat ik alleen werk.")
    visitors().open(path, status=410)


def test_two_presses_at_once_are_one_answer(waiting: Profile, visitors: Any) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    page = visitors().open(link_of(waiting, visitors(lien)))
    page.send("Versturen", said="yes").says("Dank je")
    page.send("Versturen", said="yes").says("Dank je")
    given = db.session.scalars(
        sa.select(Entry).where(Entry.action == "consent.given", Entry.about == waiting.candidate_id)
    )
    assert len(given.all()) == 2  # the one of the fixture, and this one


def test_an_old_link_and_one_to_a_page_that_changed_show_nothing(waiting: Profile, visitors: Any) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    worker = visitors(lien)
    path = link_of(waiting, worker)
    assert link_of(waiting, worker) == path
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        visitors().open(path, status=410).lacks("Zet rekken")
    key = handle(waiting.candidate_id).key
    worker.open(f"/people/{key}/profile").send("Bewaar en controleer", headline="Een andere zin")
    visitors().open(path, status=410).lacks("Zet rekken", "Een andere zin")
    standing = db.session.scalars(sa.select(PersonalLink).where(PersonalLink.withdrawn_at.is_(None))).all()
    assert standing == []


def test_a_link_of_another_purpose_opens_nothing_here(waiting: Profile, visitors: Any) -> None:
    other = links.make("aftercare", waiting, expires=clock.now() + timedelta(days=1))
    db.session.commit()
    visitors().open(f"/my-profile/{links.token_of(other)}", status=410)
    visitors().open("/my-profile/1-abc", status=410)


def test_every_reading_of_the_page_is_written_down(waiting: Profile, visitors: Any) -> None:
    lien = db.session.get_one(Person, handle(waiting.candidate_id).worker_id)
    visitors().open(link_of(waiting, visitors(lien)))
    seen = db.session.scalars(sa.select(Entry).where(Entry.action == "profile.read", Entry.actor_id.is_(None))).all()
    assert [one.about for one in seen] == [waiting.candidate_id]

"""The canary (privacy.md): one identity followed through every stage of a profile and every form in which something
leaves: pages and their headers, errors, letters and calendars, addresses and file names, the journal and the log.

An employer meets the first name on one page, in one contact's browser, while an interview is confirmed; nothing else, ever.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.models import Identity, WorkConstraints
from portal.candidates.states import Channel, Purpose
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import cards, framing, outcome, permissions, service
from portal.interviews.outcome_models import FramingKind
from portal.interviews.states import DecisionState
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.showcase import batches
from portal.showcase.models import Interest, Listing
from portal.tasks.models import Task
from tests.crawling import crawl
from tests.factories import a_person, a_programme
from tests.interviews.factories import NOW, Case, again, all_there, slots_of
from tests.showcase.factories import a_company, a_vacancy, a_worker, an_approved_profile
from tests.showcase.test_staying_blind import _csrf

pytestmark = pytest.mark.usefixtures("app")
FIRST = "Quirijntje"
SECRET = (
    "Zonderland", "Krimo", "0471 23 45 67", "+32471234567", "471234567", "Dendermonde", "Kerkstraat", "quirijntje@example.org",
    "Merksplas", "1989-03-14", "Bakkerij De Oude Oven", "Sint-Jozefscollege", "beperkte_detentie", "limited_detention",
)  # fmt: skip


class World:
    """One person among others, the company that wants to meet it, and everybody who should learn nothing."""

    def __init__(self, visitors: Callable[..., Any], post: Any) -> None:
        self.visitors, self.post = visitors, post
        self.lien, self.sam = a_worker(), a_worker("Sam")
        self.employer, self.els = a_company(self.lien)
        self.vacancy = a_vacancy(self.employer, self.els)
        _other, self.jan = a_company(self.lien, "Houthandel Baert")
        self.other_vacancy = a_vacancy(_other, self.jan)
        self.colleague = a_person(
            role=Role.EMPLOYER_CONTACT,
            first_name="Bert",
            organisation=db.session.get_one(Organisation, self.employer.organisation_id),
        )
        for _ in range(9):
            an_approved_profile(self.lien, self.sam)
        self.profile = an_approved_profile(self.lien, self.sam, first_name=FIRST, last_name="Zonderland")
        self.candidate_id = self.profile.candidate_id
        identity = db.session.scalars(sa.select(Identity).where(Identity.candidate_id == self.candidate_id)).one()
        identity.email, identity.birth_date = "quirijntje@example.org", "1989-03-14"
        identity.employers, identity.schools = ["Bakkerij De Oude Oven"], ["Sint-Jozefscollege"]
        db.session.add(
            WorkConstraints(
                candidate_id=self.candidate_id,
                answers={"regime": "limited_detention"},
                permission_needed=True,
                lead_days=5,
            )
        )
        db.session.commit()

    def outsiders(self) -> list[Any]:
        return [self.els, self.colleague, self.jan, None]

    def listing(self) -> Listing:
        found = sa.select(Listing).where(Listing.vacancy_id == self.vacancy.id, Listing.profile_id == self.profile.id)
        return db.session.scalars(found).one()

    def nothing_leaks(self, *, to: Any = None, on: str = "", doors: bool = False) -> None:
        """Everybody outside walks everywhere. `to` may meet the first name, on pages whose path begins with `on` only.

        `doors`: the contact and a visitor also try every address that no link leads to.
        """
        for person in self.outsiders():
            visitor = self.visitors(person) if person is not None else self.visitors()
            for page in [
                *crawl(visitor, of_a_kind=3),
                *(self._wrong_doors(visitor) if doors and person in {self.els, None} else ()),
            ]:
                seen = (page.html + (str(page.response.headers) if page.response is not None else "")).casefold()
                allowed = to is not None and person is to and page.path.startswith(on)
                met = [one for one in (*SECRET, *([] if allowed else [FIRST])) if one.casefold() in seen]
                assert not met, f"{person.name if person else 'a visitor'} meets {met} on {page.path}"
        self._no_letter_leaks()

    def _wrong_doors(self, visitor: Any) -> Iterator[Any]:
        """Every address of the portal with a key of this case in it, which no link leads to: a refusal tells nothing either."""
        keys = (handle(self.candidate_id).key, self.profile.key, self.listing().key)
        rules = visitor.app.url_map.iter_rules()
        for rule in [one for one in rules if one.arguments == {"key"} and "GET" in (one.methods or ())]:
            for key in keys:
                path = str(rule.rule).replace("<key>", key)
                yield visitor._ask(lambda path=path: visitor.client.get(path, follow_redirects=True))

    def _no_letter_leaks(self) -> None:
        ours = {self.lien.email, self.sam.email}
        for letter in self.post.all():
            if letter.to in ours:
                continue
            whole = letter.subject + letter.text + letter.html + json.dumps(letter.calendar or {}, ensure_ascii=False)
            met = [one for one in (*SECRET, FIRST) if one.casefold() in whole.casefold()]
            assert not met, f"{letter.template} to {letter.to} holds {met}"

    def open_it(self) -> Any:
        visitor = self.visitors(self.els)
        page = visitor.open(f"/profiles/{self.listing().key}")
        return visitor.post(f"/profiles/{self.listing().key}/open", [("csrf_token", _csrf(page))])

    def interest(self) -> Interest:
        return db.session.scalars(sa.select(Interest)).one()

    def case(self) -> Case:
        from portal.candidates.models import Candidate

        person = db.session.get_one(Candidate, self.candidate_id)
        return Case(self.interest(), self.lien, self.els, person, self.vacancy, self.employer, a_programme())


@pytest.fixture
def world(app: Any, visitors: Any, post: Any) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        made = World(visitors, post)
        batches.release(a_programme())
        db.session.commit()
        yield made


def test_stages_nought_to_two(world: World) -> None:
    world.nothing_leaks()
    world.open_it().says("Werkt netjes door")
    world.nothing_leaks()
    page = world.visitors(world.els).open(f"/profiles/{world.listing().key}/interest")
    page.send(reasons=["hours"], note="Wij werken met twee ploegen.")
    world.nothing_leaks(doors=True)


def the_yes(world: World, fields: list[str]) -> None:
    """The company asked, and the candidate wants to meet it and lets it know these."""
    world.open_it()
    world.visitors(world.els).open(f"/profiles/{world.listing().key}/interest").send(reasons=["hours"])
    page = world.visitors(world.lien).open(f"/interests/{world.interest().key}")
    page.send("Bewaar het antwoord", channel="in_person", said="yes", fields=fields)


def test_stage_three_begins_with_the_confirmation_and_ends_with_it(world: World) -> None:
    the_yes(world, [])
    world.nothing_leaks()
    case = world.case()
    with acting.as_(world.lien.id, "project_worker"):
        interview = service.request(
            _vacancy_loaded(case), handle(world.candidate_id), slots_of(case)[1][0], mode=_mode(), framing=""
        )
        db.session.commit()
    world.nothing_leaks()
    with acting.as_(world.lien.id, "project_worker"):
        row = again(interview)
        permissions.requested(row, clock.today())
        permissions.granted(row, permissions.needed_span(row))
        db.session.commit()
    world.nothing_leaks()
    with acting.as_(world.lien.id, "project_worker"):
        service.confirm(again(interview))
        db.session.commit()
    world.visitors(world.els).open(f"/interviews/{interview.key}").says(FIRST)
    world.nothing_leaks(to=world.els, on=f"/interviews/{interview.key}", doors=True)
    with acting.as_(world.lien.id, "project_worker"):
        permissions.revoked(again(interview))
        db.session.commit()
    world.nothing_leaks()


def test_a_no_ends_the_name_after_thirty_days(world: World) -> None:
    the_yes(world, [])
    case = world.case()
    with acting.as_(world.lien.id, "project_worker"):
        interview = service.request(
            _vacancy_loaded(case), handle(world.candidate_id), slots_of(case)[1][0], mode=_mode(), framing=""
        )
        permissions.requested(interview, clock.today())
        permissions.granted(interview, permissions.needed_span(interview))
        service.confirm(interview)
        db.session.commit()
    with time_machine.travel(again(interview).ends_at + timedelta(hours=1), tick=False):
        all_there(again(interview))
        cards.score(again(interview), world.els.id, cards.Scores({"skills": 3}, {"skills": "Werkt net."}))
        outcome.decide(again(interview), world.els.id, DecisionState.REJECTED, ["schedule"])
        db.session.commit()
        world.nothing_leaks(to=world.els, on=f"/interviews/{interview.key}")
    with time_machine.travel(again(interview).ends_at + timedelta(days=31), tick=False):
        world.nothing_leaks()


def test_what_goes_with_an_outcome_gives_nobody_away(world: World) -> None:
    """A framing that was agreed, a colleague and somebody by letter at the table, silence, a decision: still one contact only."""
    the_yes(world, [])
    case = world.case()
    with acting.as_(world.lien.id, "project_worker"):
        interview = service.request(
            _vacancy_loaded(case),
            handle(world.candidate_id),
            slots_of(case)[1][0],
            mode=_mode(),
            framing=f"{FIRST} wil graag.",
        )
        permissions.requested(interview, clock.today())
        permissions.granted(interview, permissions.needed_span(interview))
        world.nothing_leaks()
        service.confirm(interview)
        framing.agree(
            interview,
            framing.Agreed(FramingKind.MAY_TELL, ("programme",), agreed_on=clock.today(), channel=Channel.PHONE),
        )
        db.session.commit()
    page = f"/interviews/{interview.key}"
    world.nothing_leaks(to=world.els, on=page, doors=True)
    with time_machine.travel(again(interview).ends_at + timedelta(hours=1), tick=False):
        all_there(again(interview))
        with acting.as_(world.els.id, "employer_contact"):
            cards.ask_colleagues(again(interview), [world.colleague])
            cards.ask_by_letter(again(interview), name="Mia", email="mia@example.org", language="nl")
            db.session.commit()
        world.nothing_leaks(to=world.els, on=page, doors=True)
        link = world.post.last("mia@example.org").path("/card/")
        seen = world.visitors().open(link).html
        assert not [one for one in (*SECRET, FIRST) if one.casefold() in seen.casefold()]
        cards.score(again(interview), world.els.id, cards.Scores({"skills": 3}, {"skills": "Werkt net."}))
        outcome.decide(again(interview), world.els.id, DecisionState.REJECTED, ["schedule"])
        db.session.commit()
        world.nothing_leaks(to=world.els, on=page, doors=True)


def test_a_withdrawal_leaves_nothing_behind(world: World) -> None:
    world.open_it()
    standing = consents.standing(world.candidate_id, Purpose.PROFILE)
    assert standing is not None
    consents.withdraw(standing)
    db.session.commit()
    world.nothing_leaks()
    world.visitors(world.els).open(f"/profiles/{world.listing().key}", status=404)


def test_what_is_kept_beside_the_work_holds_no_identity(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The journal and the log hold ids and codes; the words of an employer's task name nobody."""
    the_yes(world, ["last_name"])
    world.nothing_leaks()
    kept = [
        json.dumps(one.details or {}) + one.action + (one.subject_kind or "")
        for one in db.session.scalars(sa.select(Entry))
    ]
    kept += [
        json.dumps(one.words)
        for one in db.session.scalars(sa.select(Task))
        if one.owner_id not in {world.lien.id, world.sam.id}
    ]
    told = capsys.readouterr()
    kept += [told.out, told.err]
    for text in kept:
        assert not [one for one in (*SECRET, FIRST) if one.casefold() in text.casefold()], text[:300]


def test_the_canary_sings_where_it_may(world: World) -> None:
    """What the test looks for is there: the case's own worker reads every bit of it."""
    key = handle(world.candidate_id).key
    page = world.visitors(world.lien).open(f"/people/{key}/identity")
    values = page.html
    assert all(one in values for one in (FIRST, "Zonderland", "Krimo", "Dendermonde", "Bakkerij De Oude Oven"))


def _mode() -> Any:
    from portal.interviews.states import Mode

    return Mode.AT_COMPANY


def _vacancy_loaded(case: Case) -> Any:
    from tests.interviews.factories import _loaded

    return _loaded(case)

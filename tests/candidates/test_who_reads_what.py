"""Isolation: whose cases somebody finds, what stays sealed, and what no field takes."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import consents, handles, identities, marks, profiles, queries, service
from portal.candidates.models import Candidate, Identity
from portal.candidates.states import REFERRAL, Purpose, ReferralState
from portal.candidates.timeline import SENTENCES
from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.fields import holds_national_number
from portal.foundation.signals import consent_withdrawn
from portal.foundation.states import Stateful, WrongState
from portal.journal.models import Entry
from portal.programmes.models import SiteKind
from portal.showcase.redaction.known import Known
from tests.candidates.factories import (
    a_booked_screening,
    a_candidate,
    a_coordinator,
    a_partner,
    a_place,
    a_referral,
    a_screened_candidate,
    a_worker,
    loaded_referral,
)
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")
# A made-up person's number with a right checksum: it may stand in no field.
NATIONAL_NUMBER = "85.07.30-033 28"


def test_another_workers_case_is_not_there(visitors: Any) -> None:
    candidate = a_candidate(a_worker())
    other = visitors(a_worker("Jonas"))
    for page in (
        "",
        "/screened",
        "/identity",
        "/plan",
        "/plan/write",
        "/plan/sheet",
        "/contacts",
        "/contacts/new",
        "/journal",
        "/screening",
    ):
        strange = other.open(f"/people/{candidate.key}{page}", status=404)
        unknown = other.open(f"/people/{'x' * 12}{page}", status=404)
        assert strange.text == unknown.text
    other.open("/people").lacks(candidate.key, "Karim")


def test_another_programmes_coordinator_finds_nothing(visitors: Any) -> None:
    candidate = a_candidate(a_worker())
    elsewhere = visitors(a_coordinator(a_programme("Doorstart Antwerpen")))
    elsewhere.open(f"/people/{candidate.key}", status=404)
    elsewhere.open("/people").lacks(candidate.key)


def test_a_coordinator_reads_the_case_but_not_what_detention_means_for_work(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    visitors(worker).open(f"/people/{candidate.key}/screened").says("Closed regime", "only you")
    visitors(a_coordinator()).open(f"/people/{candidate.key}/screened").says("Work safely").lacks(
        "Closed regime", "15 working days"
    )


def test_only_who_sits_the_day_or_has_the_case_fills_in_the_form(visitors: Any) -> None:
    worker = a_worker()
    screening = a_booked_screening(worker, a_candidate(worker))
    visitors(a_worker("Jonas")).open(f"/screenings/{screening.key}/talents", status=404)
    visitors(a_coordinator()).open(f"/screenings/{screening.key}/talents", status=403)
    visitors(worker).open(f"/screenings/{screening.key}/nonsense", status=404)


def test_a_partner_finds_only_own_referrals(visitors: Any) -> None:
    mine, others = a_partner(), a_partner(Role.PSD)
    referral = a_referral(mine, first_name="Karim", last_name="Haddad")
    stranger = visitors(others)
    stranger.open("/referrals").lacks("Karim", referral.key)
    stranger.open(f"/referrals/{referral.key}", status=404)
    stranger.open(f"/people/referrals/{referral.key}", status=403)


@pytest.mark.parametrize("role", [Role.VDAB, Role.PSD, Role.JUSTICE_ASSISTANT, Role.CENTRE_WORKER])
def test_every_kind_of_partner_may_refer(role: Role, visitors: Any) -> None:
    a_place()
    visitors(a_partner(role)).open("/referrals/new").says("Refer somebody")


@pytest.mark.parametrize("field", ["first_name", "motive", "reach"])
def test_a_national_number_is_refused_with_a_sentence(field: str, visitors: Any) -> None:
    a_place()
    values = {
        "first_name": "Karim",
        "last_name": "Haddad",
        "language": "nl",
        "motive": "Work",
        "reach": "Me",
        "consent": "y",
    }
    values[field] = f"Karim {NATIONAL_NUMBER}"
    page = visitors(a_partner()).open("/referrals/new")
    place = next(value for value in page.tree.xpath("//select[@name='place']/option/@value") if value)
    refused = page.send("Send the referral", place=place, **values)
    assert refused.status == 422
    refused.says("This looks like a national number.")
    assert db.session.query(Candidate).count() == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("85.07.30-033 28", True), ("85073003328", True), ("17.07.30-033 84", True), ("nr 85 07 30 033 28!", True),
        ("85.07.30-033 29", False), ("+32 470 12 34 56", False), ("BE68 5390 0754 7034", False), ("0403.170.701", False),
    ],
)  # fmt: skip
def test_a_national_number_is_known_by_its_checksum(text: str, found: bool) -> None:
    assert holds_national_number(text) is found


@pytest.mark.engine
def test_a_stolen_database_tells_no_name() -> None:
    candidate = a_screened_candidate(first_name="Zebulon", last_name="Quackenbush")
    everything = ""
    for table in sa.inspect(db.engine).get_table_names():
        rows = db.session.execute(sa.text(f'SELECT * FROM "{table}"')).all()
        everything += f"{rows}"
    for secret in (
        "Zebulon",
        "Quackenbush",
        "zebulon",
        "Ik wil in een magazijn",
        "Werkt graag met machines",
        "Zes maanden",
        "Gesloten",
    ):
        assert secret not in everything
    raw = db.session.execute(sa.text("SELECT first_name FROM identity")).scalar_one()
    assert raw.startswith("gAAAA")
    assert db.session.query(Identity).filter_by(candidate_id=candidate.id).one().first_name == "Zebulon"


@pytest.mark.engine
@pytest.mark.parametrize("typed", ["anais", "ANA", "Desmet", "des", "Anaïs Desmet", "desm anaïs"])
def test_somebody_is_found_by_the_first_three_letters(typed: str, visitors: Any) -> None:
    worker = a_worker()
    a_candidate(worker, first_name="Anaïs", last_name="Desmet")
    a_candidate(worker, first_name="Karim", last_name="Haddad")
    visitors(worker).open(f"/people?name={typed}").says("Anaïs Desmet").lacks("Karim Haddad")


def test_two_letters_are_too_few_to_search(visitors: Any) -> None:
    visitors(a_coordinator()).open("/people?name=ka").says("Type at least three letters of a name.")


def test_words_of_a_name_are_folded() -> None:
    assert marks.folded("Aït-Saïd d'Œuvre") == ["ait", "said", "d", "oeuvre"]
    assert marks.whole(1, "Jan", "De Smet") == marks.whole(1, "de smet", "JAN")


@pytest.mark.parametrize("path", ["/people", "/people/referrals", "/sit-days"])
def test_a_long_list_costs_what_a_short_one_costs(path: str, visitors: Any) -> None:
    worker = a_worker()
    _some(worker, 1)
    lien = visitors(worker)
    lien.open(path)
    short = lien.open(path).queries
    _some(worker, 29)
    long = lien.open(path).queries
    assert len(short) == len(long) <= 8, "\n".join(long)


def _some(worker: Any, number: int) -> None:
    for _ in range(number):
        a_candidate(worker)
        a_referral()


def test_a_partners_long_list_costs_what_a_short_one_costs(visitors: Any) -> None:
    partner = a_partner()
    a_referral(partner)
    tom = visitors(partner)
    short = tom.open("/referrals").queries
    for _ in range(29):
        a_referral(partner)
    assert len(short) == len(tom.open("/referrals").queries) <= 8


@pytest.mark.parametrize("part", ["", "/screened", "/plan", "/contacts", "/journal", "/identity"])
def test_no_page_of_a_case_asks_more_than_eight_times(part: str, visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    asked = visitors(worker).open(f"/people/{candidate.key}{part}").queries
    assert len(asked) <= 8, "\n".join(asked)


def test_the_caseload_is_read_a_page_at_a_time(visitors: Any) -> None:
    worker = a_worker()
    _some(worker, 27)
    lien = visitors(worker)
    first = lien.open("/people")
    second = first.follow("Next")
    keys = [{a for a in page.tree.xpath("//tbody//a/@href")} for page in (first, second)]
    assert (len(keys[0]), len(keys[1])) == (25, 2)
    assert not keys[0] & keys[1]


def test_every_state_of_a_referral_is_reached_and_forbidden_steps_are_refused(post: Any) -> None:
    assert REFERRAL.reachable_from(ReferralState.RECEIVED) == frozenset(ReferralState)
    referral = loaded_referral(a_referral().id)
    for forbidden in (ReferralState.SCREENED, ReferralState.CLOSED, ReferralState.NO_SHOW):
        with pytest.raises(WrongState):
            referral.move_to(forbidden)
    service.decline(referral, "too_early")
    with pytest.raises(WrongState):
        service.accept(referral, a_worker())


def test_names_and_known_values_are_journalled_with_their_reason() -> None:
    candidate = a_candidate(first_name="Karim", last_name="Haddad")
    with acting.as_(7, "coordinator"):
        assert identities.names([candidate.id], "interview letter")[candidate.id].full == "Karim Haddad"
        known = Known.from_json(identities.known(candidate.id, "redaction"))
    assert (known.first_name, known.last_name, known.site) == ("Karim", "Haddad", "Gevangenis van Oudenaarde")
    rows = db.session.query(Entry).filter_by(actor_id=7, about=candidate.id).order_by(Entry.id).all()
    assert [(row.action, row.reason) for row in rows] == [
        ("identity.name_read", "interview letter"), ("identity.compared", "redaction"),
    ]  # fmt: skip


def test_an_identity_is_revealed_only_with_consent_for_this_employer(monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = a_candidate(first_name="Karim", last_name="Haddad")
    monkeypatch.setattr(consents, "standing", lambda *_given: None)
    assert identities.revealed(candidate.id, 3, client_id=None) is None
    given = consents.Consent(id=5, fields=["phone"])
    monkeypatch.setattr(consents, "standing", lambda *_given: given)
    shown = identities.revealed(candidate.id, 3, client_id=None)
    assert shown is not None
    assert (shown.first_name, shown.last_name, shown.consent_id) == ("Karim", "", 5)


def test_a_withdrawn_agreement_ends_at_once_and_is_heard_of() -> None:
    candidate = a_candidate()
    heard: list[Purpose] = []
    listener = consent_withdrawn.connect(lambda consent: heard.append(consent.purpose), weak=False)
    try:
        consents.give(candidate.id, Purpose.PROFILE, channel=queries_channel())
        standing = consents.standing(candidate.id, Purpose.PROFILE)
        assert standing is not None
        consents.withdraw(standing)
        assert consents.standing(candidate.id, Purpose.PROFILE) is None
        processing = consents.standing(candidate.id, Purpose.PROCESSING)
        assert processing is not None
        consents.withdraw(processing)
    finally:
        consent_withdrawn.disconnect(listener)
    assert heard == [Purpose.PROFILE, Purpose.PROCESSING]


def queries_channel() -> Any:
    from portal.candidates.states import Channel

    return Channel.PAPER


def test_other_rooms_know_a_case_by_numbers_and_codes() -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    found = handles.handle(candidate.id)
    assert (found.worker_id, found.postcode, found.permission_needed, found.lead_days) == (worker.id, "9700", True, 15)
    part = profiles.job_part(candidate.id)
    assert part is not None
    assert (part.occupation_code, part.sector_code, part.languages, sorted(part.skills.values())) == (
        "order_picking", "logistics", {"nl": "work_talk"}, [2, 3],
    )  # fmt: skip
    assert profiles.job_parts(candidate.programme_id) == [part]
    waiting = a_candidate(worker, place=a_place(name="Opvangcentrum Sint-Niklaas", kind=SiteKind.CENTRE))
    assert not handles.handle(waiting.id).permission_needed


def test_who_sits_the_day_reads_the_case_until_a_week_after(visitors: Any) -> None:
    import time_machine

    owner, sitter = a_worker(), a_worker("Jonas")
    candidate = a_candidate(owner)
    screening = a_booked_screening(sitter, candidate)
    assert screening.worker_id == sitter.id
    visitors(sitter).open(f"/people/{candidate.key}").says("Karim")
    with time_machine.travel(screening.starts_at + timedelta(days=8), tick=False):
        visitors(sitter).open(f"/people/{candidate.key}", status=404)


def test_a_case_whose_worker_leaves_becomes_a_task(visitors: Any) -> None:
    from portal.accounts.service import deactivate

    worker = a_worker()
    a_candidate(worker)
    deactivate(worker)
    db.session.commit()
    visitors(a_coordinator()).open("/").says("Cases without a worker: 1")


def test_an_employer_enters_none_of_these_rooms(visitors: Any) -> None:
    contact = visitors(a_person(role=Role.EMPLOYER_CONTACT, language="en"))
    for path in ("/people", "/referrals", "/referrals/new", "/sit-days", "/people/referrals"):
        contact.open(path, status=403)


def test_a_question_about_namesakes_never_crosses_programmes() -> None:
    elsewhere = a_programme("Doorstart Antwerpen")
    a_candidate(a_worker(programme=elsewhere), programme=elsewhere, first_name="Karim", last_name="Haddad")
    here = loaded_referral(a_referral(first_name="Karim", last_name="Haddad").id)
    assert queries.namesakes(here, identities.name(here.candidate_id, "test")) == []


def test_every_step_of_a_case_has_its_words_in_the_journal() -> None:
    """A code that nobody put into words would be read as a code, in every language."""
    cases = [kind for kind in Stateful.__subclasses__() if hasattr(kind, "candidate_id")]
    assert len(cases) > 5
    steps = {
        f"{vars(kind)['__tablename__']}.{new}"
        for kind in cases
        for following in kind.transitions.table.values()
        for new in following
    }
    assert steps - set(SENTENCES) == set()

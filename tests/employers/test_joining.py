"""Who speaks for a company that takes part already: found, asked, decided; and nobody outside can tell what is known."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import duplicates, joining
from portal.employers.join_models import CompanyTrace, JoinRequest
from portal.employers.join_states import JoinState, JoinWay
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Organisation, Workplace
from tests.employers.factories import a_contact, a_number, a_vacancy, an_employer, number_of
from tests.employers.test_signing_up import sign_up
from tests.factories import a_person, a_programme
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _programme(app: Any) -> None:
    a_programme()
    db.session.commit()


def asks(employer: Employer, email: str = "an@delieve.example", *, role: Role | None = None) -> JoinRequest:
    """Somebody with a confirmed address who asks to speak for a company."""
    person = a_person(email, first_name="An", last_name="De Lieve", role=role)
    request = joining.ask(whole(employer), person, JoinWay.NUMBER)
    db.session.commit()
    return request


def whole(employer: Employer) -> Employer:
    found = sa.select(Employer).options(sa.orm.joinedload(Employer.organisation)).where(Employer.id == employer.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


# --- the same answer for whatever is known ------------------------------------------------------------------------


def _answers(visitor: Visitor, known: str) -> dict[str, Any]:
    employer = an_employer(name="Garage Bekendhuis")
    a_contact(employer, email="dirk@bekendhuis.example")
    given: dict[str, dict[str, Any]] = {
        "nothing": {},
        "address": {"email": "dirk@bekendhuis.example"},
        "number": {"number": number_of(employer)},
        "both": {"number": number_of(employer), "email": "dirk@bekendhuis.example"},
        "name": {"name": "Bekendhuis Garage bvba"},
        "domain": {"email": "iemand@bekendhuis.example"},
        "unconfirmed": {"number": number_of(employer), "email": "later@bekendhuis.example"},
    }
    return given[known]


@pytest.mark.parametrize("known", ["address", "number", "both", "name", "domain", "unconfirmed"])
def test_whatever_is_known_the_page_is_the_same(known: str, visitor: Visitor, visitors: Any, post: Any) -> None:
    given = _answers(visitor, known)
    nothing = sign_up(visitors(), number=a_number(77), email="niemand@nergens.example", name="Iets Heel Anders")
    page = sign_up(visitor, **{"number": a_number(78), **given})
    assert (page.path, page.status, page.text) == (nothing.path, nothing.status, nothing.text)


@pytest.mark.parametrize("known", ["address", "number", "both"])
def test_whatever_is_known_the_portal_does_the_same_work(known: str, visitors: Any, post: Any) -> None:
    """The inserts of signing up a new company are made either way, and undone where nothing may stay."""
    given = _answers(visitors(), known)
    costs: list[dict[str, int]] = []
    for fields in ({"number": a_number(77)}, {"number": a_number(78), **given}):
        form = visitors().open("/sign-up")
        sent = _sent_without_following(form, **fields)
        costs.append({table: sum(one.startswith(f"INSERT INTO {table} (") for one in sent) for table in ("person", "employer", "membership", "workplace", "organisation")})  # fmt: skip
    new, old = costs
    assert new == {"person": 1, "employer": 1, "membership": 1, "workplace": 1, "organisation": 1}
    assert {**old, "person": 1} == new
    assert 1 <= old["person"] <= 2


def _sent_without_following(page: Any, **other: Any) -> list[str]:
    from tests.employers.test_signing_up import answers

    form = page.form("Meld je bedrijf aan")
    hidden = [(k, v) for k, v in form.form_values() if k in {"csrf_token", "once"}]
    given = [(k, one) for k, v in answers(**other).items() for one in (v if isinstance(v, list) else [v])]
    answer = page.visitor.post("/sign-up", [*hidden, *given], follow=False)
    assert answer.status == 303
    return list(answer.queries)


def test_nothing_of_the_work_beside_stays(visitor: Visitor, post: Any) -> None:
    employer = an_employer()
    a_contact(employer, email="dirk@verlinden.example")
    counted = {model: db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Employer, Organisation, Workplace, Membership)}  # fmt: skip
    sign_up(visitor, number=number_of(employer))
    for model, before in counted.items():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == before
    assert sorted(db.session.scalars(sa.select(Person.email))) == ["an@delieve.example", "dirk@verlinden.example"]
    assert [letter.template for letter in post.all()] == ["accounts/confirm"]


# --- who decides -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [EmployerState.VERIFIED, EmployerState.ACTIVE, EmployerState.DORMANT, EmployerState.BLOCKED]
)
def test_what_a_worker_verified_is_never_taken_over_by_its_number(
    state: EmployerState, visitor: Visitor, visitors: Any, post: Any
) -> None:
    """Nobody of its team is left, or it is stopped: the worker decides, and the company stays nobody's until then."""
    worker = a_person("lien@brugwerk.example", role=Role.PROJECT_WORKER)
    employer = an_employer(state=state)
    if state is EmployerState.BLOCKED:
        a_contact(employer, email="dirk@verlinden.example")
    sign_up(visitor, number=number_of(employer))
    visitor.open(post.last("an@delieve.example").path("/confirm/")).send(password="een zin die niemand raadt")
    person = db.session.scalars(sa.select(Person).where(Person.email == "an@delieve.example")).one()
    assert db.session.scalar(sa.select(Membership.id).where(Membership.person_id == person.id)) is None
    assert post.to("dirk@verlinden.example") == []
    page = visitors(worker).open("/").follow("Bekijk en antwoord").says("An De Lieve wil spreken voor Garage Verlinden")
    page.send("Ja, dit is een collega", role="employer_admin")
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).one()
    assert seat.role is Role.EMPLOYER_ADMIN and seat.organisation_id == employer.organisation_id


def test_a_no_is_one_press_and_names_no_company(visitors: Any, post: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer)
    request = asks(employer)
    page = visitors(admin).open(f"/company/requests/{request.key}").send("Nee, ik ken deze persoon niet")
    page.says("Iemand antwoordde nee")
    letter = post.last("an@delieve.example")
    assert letter.template == "employers/not_joined" and "Verlinden" not in letter.text + letter.subject
    assert db.session.get_one(JoinRequest, request.id).state is JoinState.REFUSED
    again = visitors(admin).open(f"/company/requests/{request.key}")
    assert "Ja, dit is een collega" not in again.html


def test_only_the_companys_admin_and_staff_find_the_question(visitors: Any, post: Any) -> None:
    employer, other = an_employer(), an_employer("Bakkerij Elders")
    request = asks(employer)
    address = f"/company/requests/{request.key}"
    colleague = a_contact(employer, role=Role.EMPLOYER_CONTACT)
    for person in (colleague, a_contact(other)):
        visitors(person).open(address, status=404)
    visitors().open(address).says("Meld je aan")
    visitors(a_contact(employer)).open(address)
    visitors(a_person(role=Role.PROJECT_WORKER)).open(address)


def test_two_who_answer_at_once_make_one_seat(visitors: Any, post: Any) -> None:
    employer = an_employer()
    admin, second = a_contact(employer), a_contact(employer)
    request = asks(employer)
    pages = [visitors(one).open(f"/company/requests/{request.key}") for one in (admin, second)]
    pages[0].send("Ja, dit is een collega", role="employer_contact")
    late = pages[1].send("Ja, dit is een collega", role="employer_admin")
    assert late.status != 500
    seats = db.session.scalars(sa.select(Membership.role).where(Membership.person_id == request.person_id)).all()
    assert seats == [Role.EMPLOYER_CONTACT]


def test_what_nobody_answers_becomes_a_workers_task(post: Any, visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = a_person(role=Role.PROJECT_WORKER)
    employer = an_employer()
    a_contact(employer)
    request = asks(employer)
    assert joining.waits_long() == 0
    request.waits_since = clock.days_from_now(-6)
    db.session.commit()
    assert joining.waits_long() == 1
    db.session.commit()
    visitors(worker).open("/").says("Iemand wil spreken voor Garage Verlinden")


# --- maybe the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Garage Verlinden", "Garage Verlinden bv", True),
        ("Garage Verlinden", "Verlinden Garage BVBA", True),
        ("Garage Verlinden", "Garage Verlindem", True),
        ("Garage Verlinden", "Garage Verlinden Gent", True),
        ("Café Élysée", "Cafe Elysee nv", True),
        ("Garage Verlinden", "Garage Peeters", False),
        ("Garage", "Garage Peeters", False),
        ("Bakkerij De Korst", "Slagerij De Korst", False),
        ("bv", "nv", False),
    ],
)
def test_which_names_read_alike(one: str, other: str, same: bool) -> None:
    assert duplicates.alike(one, other) is same is duplicates.alike(other, one)


@pytest.mark.engine
def test_a_similar_name_in_the_same_province_or_the_same_mail_domain_is_found(post: Any) -> None:
    first = an_employer("Garage Verlinden bv")
    a_contact(first, email="dirk@verlinden.example")
    far = an_employer("Garage Verlinden nv")
    place = db.session.scalars(sa.select(Workplace).where(Workplace.organisation_id == far.organisation_id)).one()
    place.postcode = "3500"
    free = an_employer("Bloemen Roos")
    a_contact(free, email="roos@gmail.com")
    house = an_employer("Transport Snel")
    a_contact(house, email="piet@verlinden.example")
    new = an_employer("Verlinden, garage")
    a_contact(new, email="an@gmail.com")
    db.session.commit()
    assert [(one.employer.name, one.name, one.domains) for one in duplicates.maybe_same(whole(new))] == [
        ("Garage Verlinden bv", True, [])
    ]
    assert [(one.employer.name, one.domains) for one in duplicates.maybe_same(whole(house))] == [
        ("Garage Verlinden bv", ["verlinden.example"])
    ]
    assert duplicates.maybe_same(whole(free)) == []


def test_the_traces_follow_a_new_name(post: Any) -> None:
    employer = an_employer("Garage Verlinden")
    db.session.get_one(Organisation, employer.organisation_id).name = "Carrosserie Noord"
    db.session.commit()
    values = db.session.scalars(sa.select(CompanyTrace.value).order_by(CompanyTrace.value)).all()
    assert [one.partition(":")[2] for one in values] == ["carr", "noor"]


def test_traces_of_before_are_filled_in_at_night(post: Any) -> None:
    an_employer("Garage Verlinden")
    db.session.execute(sa.delete(CompanyTrace))
    assert duplicates.fill_missing() == 1
    assert duplicates.fill_missing() == 0


@pytest.mark.engine("sqlite")
def test_candidates_for_the_same_are_found_by_an_index() -> None:
    asked = sa.select(CompanyTrace.organisation_id).where(CompanyTrace.kind == "mail", CompanyTrace.value == "x.be")
    plan = db.session.execute(
        sa.text(f"EXPLAIN QUERY PLAN {asked.compile(db.engine, compile_kwargs={'literal_binds': True})}")
    )
    assert "ix_company_trace_kind_value" in str(plan.all())


def two(visitors: Any) -> tuple[Employer, Employer, Visitor]:
    """A company that takes part, its second sign-up, and a worker who sees both."""
    stays, newer = an_employer(), an_employer("Verlinden garage bv", state=EmployerState.REGISTERED)
    a_contact(stays, email="dirk@verlinden.example")
    a_contact(newer, email="an@verlinden.example")
    return stays, newer, visitors(a_person("lien@brugwerk.example", role=Role.PROJECT_WORKER))


def test_a_worker_sees_maybe_the_same_and_lets_the_company_decide(visitors: Any, post: Any) -> None:
    stays, newer, worker = two(visitors)
    page = worker.open(f"/companies/{newer.key}/verify")
    page.says("Misschien hetzelfde als …", "Garage Verlinden", "Beide hebben adressen bij verlinden.example")
    assert len(page.queries) <= 8
    page.follow("Het is hetzelfde bedrijf").send("Het is hetzelfde bedrijf", how="ask")
    assert post.last("dirk@verlinden.example").template == "employers/wants_to_join"
    gone = db.session.get_one(Employer, newer.id)
    assert gone.state is EmployerState.BLOCKED and gone.same_as_id == stays.id
    request = db.session.scalars(sa.select(JoinRequest)).one()
    assert (request.state, request.way) == (JoinState.WAITING, JoinWay.SAME)


def test_a_worker_who_checked_by_phone_moves_the_people_at_once(visitors: Any, visitor: Visitor, post: Any) -> None:
    stays, newer, worker = two(visitors)
    person = db.session.scalars(sa.select(Person).where(Person.email == "an@verlinden.example")).one()
    draft = a_vacancy(newer, person)
    worker.open(f"/companies/{newer.key}/same-as/{stays.key}").send("Het is hetzelfde bedrijf", how="move")
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).one()
    assert (seat.organisation_id, seat.role) == (stays.organisation_id, Role.EMPLOYER_CONTACT)
    db.session.refresh(draft)
    assert draft.state.value == "closed"
    sign_up(visitor, number=number_of(db.session.get_one(Employer, newer.id)))
    visitor.open(post.last("an@delieve.example").path("/confirm/")).send(password="een zin die niemand raadt")
    assert db.session.scalars(sa.select(JoinRequest.employer_id)).one() == stays.id, (
        "its number leads to the one that stayed"
    )


def test_a_verified_company_never_becomes_another_one(visitors: Any, post: Any) -> None:
    stays, newer, worker = two(visitors)
    page = worker.open(f"/companies/{stays.key}/same-as/{newer.key}")
    assert page.path == f"/companies/{stays.key}"
    elsewhere = an_employer("Elders", programme=a_programme("Doorstart Hasselt"))
    worker.open(f"/companies/{newer.key}/same-as/{elsewhere.key}", status=404)

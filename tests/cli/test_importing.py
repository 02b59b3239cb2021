"""What an operator has already comes in row by row, each whole or not at all, and each refusal says what to mend."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.ambassadors.models import Ambassador, AmbassadorState, Signature
from portal.candidates.models import Candidate, Consent, Identity, NameMark
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.organisations.models import Organisation, Workplace
from portal.programmes.models import ProgrammeSite, Site, SiteKind
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState
from tests.factories import a_person, a_programme
from tests.visitor import Visitor

COMPANIES = "number;name;street;postcode;municipality;sector;size;contact_first_name;contact_last_name;contact_email;worker_email"
GOOD = "0403.170.701;Bakkerij Soetaert;Molenstraat 8;8500;Kortrijk;C;micro;Marijke;Soetaert;marijke@soetaert.example;lien@example.org"
CASES = (
    "first_name;last_name;birth_date;language;worker_email;site;state;accepted_on;screened_on;plan_agreed_on;consent_on"
)
NORA = (
    "Nora;Van Hove;1990-05-02;fr;lien@example.org;Gevangenis Gent;searching;2026-05-04;2026-05-12;2026-05-15;2026-05-04"
)


@pytest.fixture
def lien(app: Flask) -> Person:
    """A worker of a programme that works at one prison."""
    programme = a_programme()
    site = Site(
        kind=SiteKind.PRISON,
        code="gent",
        nl="Gevangenis Gent",
        fr="Prison de Gand",
        en="Prison of Ghent",
        postcode="9000",
        municipality="Gent",
    )
    db.session.add(site)
    db.session.flush()
    db.session.add(ProgrammeSite(programme_id=programme.id, site_id=site.id))
    return a_person("lien@example.org", role=Role.PROJECT_WORKER)


def bring(
    app: Flask, tmp_path: Path, kind: str, *lines: str, options: tuple[str, ...] = (), encoding: str = "utf-8"
) -> Result:
    file = tmp_path / "rows.csv"
    file.write_bytes("\n".join(lines).encode(encoding))
    result = app.test_cli_runner().invoke(args=["import", kind, str(file), *options])
    db.session.expire_all()
    return result


def number(model: Any, *where: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count(model.id)).where(*where)) or 0


# --- Companies ---


@pytest.mark.engine
def test_a_company_comes_in_with_its_workplace_and_its_contact(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "companies", COMPANIES, GOOD)
    assert result.output == "1 companies came in, 0 refused\n"
    employer = db.session.scalars(sa.select(Employer)).one()
    assert (employer.state, employer.worker_id, employer.section) == (EmployerState.VERIFIED, lien.id, "C")
    assert (
        db.session.scalars(sa.select(Organisation.number).where(Organisation.id == employer.organisation_id)).one()
        == "0403170701"
    )
    assert db.session.scalars(sa.select(Workplace.municipality)).one() == "Kortrijk"
    contact = db.session.scalars(sa.select(Person).where(Person.email == "marijke@soetaert.example")).one()
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == contact.id)).one()
    assert (seat.role, seat.organisation_id) == (Role.EMPLOYER_ADMIN, employer.organisation_id)
    assert contact.confirmed_at is None


def test_a_contact_may_be_invited_by_letter(app: Flask, lien: Person, tmp_path: Path, post: Any) -> None:
    bring(app, tmp_path, "companies", COMPANIES, GOOD, options=("--invite",))
    assert post.last("marijke@soetaert.example").template == "accounts/welcome"


def test_each_refused_row_says_its_line_and_its_reason_and_the_rest_comes_in(
    app: Flask, lien: Person, tmp_path: Path
) -> None:
    result = bring(
        app, tmp_path, "companies", COMPANIES,
        GOOD.replace("0403.170.701", "0403.170.702"),
        GOOD,
        "",
        GOOD,
        GOOD.replace("0403.170.701", "0417.497.106").replace(";8500;Kortrijk", ";8500;Gent"),
        GOOD.replace("0403.170.701", "0417.497.106").replace("lien@example.org", "nobody@example.org"),
        GOOD.replace("0403.170.701", "0417.497.106").replace(";C;", ";Z;").replace("marijke@", "an@"),
        GOOD.replace("0403.170.701", "0417.497.106"),
    )  # fmt: skip
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("line 2: This company number is not right.")
    assert lines[1] == "line 5: the company 0403.170.701 is there already"
    assert lines[2].startswith("line 6: Postcode 8500 is Kortrijk")
    assert lines[3] == "line 7: worker_email is nobody@example.org; nobody of Doorstart Gent has that address"
    assert lines[4].startswith("line 8: sector is Z; it is one of A, B, C")
    assert lines[5] == "line 9: contact_email is marijke@soetaert.example; somebody has that address already"
    assert lines[6] == "1 companies came in, 6 refused"
    assert number(Employer) == number(Workplace) == 1
    assert number(Organisation, Organisation.number == "0417497106") == 0


def test_a_dry_run_says_it_all_and_keeps_nothing(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "companies", COMPANIES, GOOD, options=("--dry-run", "--invite"))
    assert result.output == "1 companies would come in, 0 refused\n"
    assert number(Employer) == 0


def test_a_lead_needs_no_contact(app: Flask, lien: Person, tmp_path: Path) -> None:
    line = "0403.170.701;Bakkerij Soetaert;Molenstraat 8;8500;Kortrijk"
    bring(app, tmp_path, "companies", COMPANIES.partition(";sector")[0], line)
    assert db.session.scalars(sa.select(Employer.state)).one() == EmployerState.LEAD


# --- The file as a whole ---


def test_commas_a_byte_order_mark_and_a_quoted_line_break_are_read(app: Flask, lien: Person, tmp_path: Path) -> None:
    head = "number,name,street,postcode,municipality,public_transport"
    row = '0403.170.701,"Bakkerij ""De Molen"", Soetaert",Molenstraat 8,8500,Kortrijk,"Bus 5\nof te voet"'
    bad = "x,Naam,Straat 1,8500,Kortrijk,"
    result = bring(app, tmp_path, "companies", head, row, bad, encoding="utf-8-sig")
    assert result.output.splitlines()[0].startswith("line 4: ")
    assert (
        db.session.scalars(sa.select(Organisation.name).where(Organisation.number.is_not(None))).one()
        == 'Bakkerij "De Molen", Soetaert'
    )


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("number;name;street;postcode", "missing: municipality"),
        (f"{COMPANIES};password", "unknown: password"),
        (f"{COMPANIES};name", "a column stands there twice"),
        ("", "missing: number, name"),
    ],
)
def test_a_file_with_other_columns_is_refused_whole(
    app: Flask, lien: Person, tmp_path: Path, head: str, says: str
) -> None:
    result = bring(app, tmp_path, "companies", head, GOOD)
    assert result.exit_code == 1
    assert says in result.output


def test_another_encoding_is_refused_with_what_helps(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "companies", COMPANIES, GOOD.replace("Marijke", "Zoë"), encoding="latin-1")
    assert "choose “CSV UTF-8”" in result.output


def test_a_row_with_too_many_cells_is_refused(app: Flask, lien: Person, tmp_path: Path) -> None:
    assert "more cells than columns" in bring(app, tmp_path, "companies", COMPANIES, GOOD + ";more").output


def test_a_national_number_is_refused_wherever_it_stands(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "cases", CASES, NORA.replace("Van Hove", "Van Hove 85.07.30-033.28"))
    assert "looks like a national number" in result.output
    assert number(Candidate) == 0


def test_with_several_programmes_one_must_be_named(app: Flask, lien: Person, tmp_path: Path) -> None:
    a_programme("Doorstart Opvang")
    db.session.commit()
    assert "Say which with --programme" in bring(app, tmp_path, "companies", COMPANIES, GOOD).output
    assert bring(app, tmp_path, "companies", COMPANIES, GOOD, options=("--programme", "Doorstart Gent")).exit_code == 0


# --- Ambassadors ---

AMBASSADORS = "number;contact_email;signed_name;signed_on;state;level;named_publicly;language"
SIGNED = "0403.170.701;marijke@soetaert.example;Marijke Soetaert;2026-02-03;active;active;ja;nl"


def test_an_ambassador_comes_in_with_its_signature_and_its_role(app: Flask, lien: Person, tmp_path: Path) -> None:
    bring(app, tmp_path, "companies", COMPANIES, GOOD)
    result = bring(app, tmp_path, "ambassadors", AMBASSADORS, SIGNED, SIGNED)
    assert result.output == "line 3: this company is an ambassador already\n1 ambassadors came in, 1 refused\n"
    row = db.session.scalars(sa.select(Ambassador)).one()
    assert (row.state, row.named_publicly) == (AmbassadorState.ACTIVE, True)
    assert db.session.scalars(sa.select(Signature.charter_version)).one() == 1
    assert number(Membership, Membership.role == Role.AMBASSADOR, Membership.person_id == row.person_id) == 1


def test_an_ambassador_without_its_company_or_with_a_wrong_day_is_refused(
    app: Flask, lien: Person, tmp_path: Path
) -> None:
    missing = bring(app, tmp_path, "ambassadors", AMBASSADORS, SIGNED)
    assert "is not in Doorstart Gent; import companies first" in missing.output
    bring(app, tmp_path, "companies", COMPANIES, GOOD)
    wrong = bring(app, tmp_path, "ambassadors", AMBASSADORS, SIGNED.replace("2026-02-03", "3/2/2026"), SIGNED.replace("marijke@", "jan@"), SIGNED.replace("ja;nl", "soms;nl"))  # fmt: skip
    assert "line 2: signed_on is 3/2/2026; write a date as 2026-09-30" in wrong.output
    assert "line 3: contact_email is jan@soetaert.example; nobody of Bakkerij Soetaert has that address" in wrong.output
    assert "line 4: named_publicly is soms; write yes or no" in wrong.output
    assert number(Ambassador) == 0


# --- Cases ---


@pytest.mark.engine
def test_a_running_case_comes_in_sealed_and_as_far_as_it_is(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "cases", CASES, NORA)
    assert result.output == "1 cases came in, 0 refused\n"
    candidate = db.session.scalars(sa.select(Candidate)).one()
    assert (candidate.worker_id, candidate.language) == (lien.id, "fr")
    way = db.session.scalars(sa.select(Trajectory)).one()
    assert (way.state, str(way.counted_on)) == (TrajectoryState.SEARCHING, "2026-05-12")
    assert number(Consent) == 1
    assert number(NameMark) >= 3
    identity = db.session.scalars(sa.select(Identity)).one()
    assert (identity.first_name, identity.birth_date) == ("Nora", "1990-05-02")
    stored = db.session.execute(sa.text("SELECT first_name, last_name, birth_date FROM identity")).one()
    assert not any(plain in str(value) for plain in ("Nora", "Hove", "1990") for value in stored)


def test_milestones_are_counted_from_the_day_on_which_it_began(app: Flask, lien: Person, tmp_path: Path) -> None:
    bring(app, tmp_path, "cases", CASES, NORA)
    done = dict(
        db.session.execute(sa.select(Milestone.code, Milestone.done_on).where(Milestone.done_on.is_not(None))).all()
    )
    assert {code: str(day) for code, day in done.items()} == {
        "accepted": "2026-05-04",
        "screening": "2026-05-12",
        "plan_agreed": "2026-05-15",
    }
    first = db.session.scalars(sa.select(Milestone.due_from).where(Milestone.code == "review")).one()
    assert str(first) == "2026-07-27"


def test_an_imported_case_opens_for_its_worker(app: Flask, lien: Person, tmp_path: Path, visitors: Any) -> None:
    bring(app, tmp_path, "cases", CASES, NORA)
    visitor: Visitor = visitors(lien)
    key = db.session.scalars(sa.select(Candidate.key)).one()
    visitor.open("/people").says("Nora")
    visitor.open(f"/people/{key}").says("Van Hove")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lien@example.org", "", "worker_email is empty"),
        ("Gevangenis Gent", "Elders", "does not work there"),
        ("searching", "starting", "state is starting; it is one of intake, screened, searching"),
        ("2026-05-12", "", "screened_on is empty"),
        ("2026-05-12", "2026-04-01", "the days are not in order"),
        ("2026-05-15;2026-05-04", "2026-05-15;", "without consent nothing may be kept"),
        ("Nora", "", "first_name is empty"),
        (";fr;", ";xx;", "language is xx; it is one of en, fr, nl"),
    ],
)
def test_a_case_that_is_not_right_is_refused_whole(
    app: Flask, lien: Person, tmp_path: Path, old: str, new: str, says: str
) -> None:
    result = bring(app, tmp_path, "cases", CASES, NORA.replace(old, new))
    assert f"line 2: {says}" in result.output or says in result.output
    assert number(Candidate) == number(Identity) == number(Trajectory) == 0


def test_somebody_who_is_there_already_is_found(app: Flask, lien: Person, tmp_path: Path) -> None:
    result = bring(app, tmp_path, "cases", CASES, NORA, NORA.replace("Nora;Van Hove", "van hove;NORA"))
    assert "line 3: somebody of this name is in the programme already" in result.output
    assert number(Candidate) == 1

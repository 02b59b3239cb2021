"""Who may do what with companies and vacancies (privacy.md: a contact reads, an admin writes, staff of the programme
read and verify). Which rows they find is decided by the scoped queries."""

from portal.accounts.policy import coordinator, employer, employer_admin, staff
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.access import Viewer, role_policy

__all__ = [
    "coordinator",
    "employer",
    "employer_admin",
    "may_block",
    "may_unblock",
    "may_verify",
    "may_write",
    "of_company_or_staff",
    "staff",
]

of_company_or_staff = role_policy("employer, or project worker or coordinator", *EMPLOYERS, *STAFF)


def may_write(who: Viewer, company: Employer) -> bool:
    """An admin of this very company."""
    return company.organisation_id in who.organisations(Role.EMPLOYER_ADMIN)


def may_verify(company: Employer) -> bool:
    return company.state is EmployerState.REGISTERED


def may_block(company: Employer) -> bool:
    return company.may_move_to(EmployerState.BLOCKED)


def may_unblock(company: Employer) -> bool:
    return company.state is EmployerState.BLOCKED and company.same_as_id is None


def may_change(vacancy: Vacancy) -> bool:
    """What a vacancy asks is fixed once candidates were compared with it (privacy.md, Attacks)."""
    return vacancy.state is VacancyState.DRAFT

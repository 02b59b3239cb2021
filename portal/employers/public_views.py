"""Jobs that companies chose to show to everybody."""

from flask import render_template, url_for

from portal.employers import public_vacancies
from portal.employers.blueprint import employers
from portal.foundation.access import anyone, opens_to


@employers.get("/jobs")
@opens_to(anyone)
def jobs() -> str:
    return render_template(
        "employers/jobs.html", page=public_vacancies.public_vacancies(), company=public_vacancies.company
    )


@employers.get("/jobs/<key>")
@opens_to(anyone)
def job(key: str) -> str:
    """One of them, as a person and as a search engine reads it. Whoever is interested calls the programme."""
    vacancy, programme = public_vacancies.public_vacancy(key)
    posting = public_vacancies.posting(vacancy, url_for(".job", key=key, _external=True), programme.name)
    return render_template(
        "employers/job.html", vacancy=vacancy, programme=programme, posting=posting, company=public_vacancies.company(vacancy),
        facts=public_vacancies.facts(vacancy),
    )  # fmt: skip

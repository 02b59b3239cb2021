"""An admin invites a colleague, by the page."""

from typing import Any

from tests.visitor import Page


def asks_colleague(browser: Any, email: str, *, status: int = 200) -> Page:
    page: Page = browser.open("/company/team/new").send(
        "Verstuur de uitnodiging", first_name="Ria", last_name="Elders", email=email, role="employer_contact"
    )
    assert page.status == status
    return page

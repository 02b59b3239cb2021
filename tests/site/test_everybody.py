"""What everybody may read, and what search engines may keep (issue 6, public face)."""

import gzip
import re
from datetime import date
from typing import Any

import lxml.etree
import pytest
import time_machine

from portal.accounts.roles import Role
from portal.config import ROOT
from portal.dashboard import months
from portal.dashboard.models import ClosedMonth
from portal.events import planning, queries
from portal.foundation import acting
from portal.foundation.database import db
from tests.events.factories import NOW, a_company, a_worker, an_event, asked
from tests.factories import a_person, a_programme
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
PUBLIC = (
    "/", "/for-employers", "/ambassadors", "/answers", "/answers/safety", "/visits", "/figures-for-everybody", "/contact",
    "/privacy", "/accessibility", "/sign-up",
)  # fmt: skip
# What a first visit may weigh on a phone, all of it, as sent (compressed): three seconds of slow 3G.
MOST_BYTES = 150_000


@pytest.mark.parametrize("path", PUBLIC)
def test_each_public_page_names_its_other_languages(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    tags = {one.get("hreflang"): one.get("href") for one in page.tree.xpath("//link[@rel='alternate']")}
    assert set(tags) == {"nl", "fr", "en", "x-default"}
    assert page.tree.xpath("//link[@rel='canonical']/@href") == [tags["x-default"]]
    assert "X-Robots-Tag" not in page.response.headers
    for code in ("nl", "fr", "en"):
        other = visitor.open(tags[code].removeprefix("http://localhost"))
        assert other.tree.get("lang") == code
        assert other.tree.xpath("//link[@rel='canonical']/@href") == [tags[code]]
        back = {one.get("hreflang"): one.get("href") for one in other.tree.xpath("//link[@rel='alternate']")}
        assert back == tags, "the languages of a page name each other"


def test_the_map_of_the_site_lists_every_public_page_and_each_opens(visitor: Visitor) -> None:
    tree = lxml.etree.fromstring(visitor.open("/sitemap.xml").response.data)
    found = {str(one).removeprefix("http://localhost") for one in tree.xpath("//*[local-name()='loc']/text()")}
    assert {f"{path}?language={code}" for path in PUBLIC for code in ("nl", "fr", "en")} <= found
    for path in sorted(found):
        assert "X-Robots-Tag" not in visitor.open(path).response.headers, path
    assert "Sitemap: http://localhost/sitemap.xml" in visitor.open("/robots.txt").html


@pytest.mark.parametrize("path", ["/sign-in", "/password", "/visit/1-abc", "/nothing", "/people"])
def test_what_is_not_public_is_nobodys_to_keep(visitor: Visitor, path: str) -> None:
    answer = visitor._ask(lambda: visitor.client.get(path))
    assert answer.response.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_light_asks_nobody_else_and_reads_little(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    files = {
        str(one) for one in page.tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href|//script/@src|//img/@src")
    }
    assert all(one.startswith(("http://localhost/", "/", "data:")) for one in files), "no tracker, no other house"
    inside = [one.removeprefix("http://localhost") for one in files if not one.startswith("data:")]
    weight = sum(len(gzip.compress(visitor.client.get(one).data)) for one in inside)
    assert len(gzip.compress(page.response.data)) + weight < MOST_BYTES
    assert len(page.queries) <= 4, page.queries


def test_a_visit_that_is_open_stands_there_without_address_or_names(visitor: Visitor, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        visitor.open("/visits").says("Er is nog geen bezoek gepland")
        worker = a_worker()
        shown, closed = (
            an_event(worker, open=True, title="Kijken in de bakkerij"),
            an_event(worker, day=date(2026, 12, 11)),
        )
        company, _an = a_company("Bakkerij Verlinden")
        asked(shown, company)
        asked(closed, company)
        page = visitor.open("/visits").says("Kijken in de bakkerij", "Gent", "donderdag 10 december 2026")
        page.lacks("Kaai 4", "Verlinden", "Lien Claes", "vrijdag 11 december")
        planning.cancel(queries.by_id(shown.id, lock=True), "Ziek")
        db.session.commit()
        visitor.open("/visits").lacks("Kijken in de bakkerij")


def test_figures_are_those_of_the_newest_closed_month_and_small_ones_stay_hidden(visitor: Visitor) -> None:
    with time_machine.travel(NOW, tick=False):
        programme = a_programme()
        visitor.open("/figures-for-everybody").says("Er is nog geen maand afgesloten")
        with acting.as_(a_person(role=Role.COORDINATOR, programme=programme).id, Role.COORDINATOR):
            months.close(programme, date(2026, 9, 1))
            months.close(programme, date(2026, 10, 1))
        db.session.commit()
        page = visitor.open("/figures-for-everybody").says(programme.name, "31 oktober 2026", "Zo tellen we dit")
        assert re.findall(r"(?<![\d.,])[1-4](?![\d.,%])(?= (?:van|starts|mensen))", page.text) == []
        assert len(visitor.open("/figures-for-everybody").queries) <= 3, "counted once an hour, whoever comes"
        db.session.query(ClosedMonth).delete()
        db.session.commit()
        visitor.open("/figures-for-everybody").says("Er is nog geen maand afgesloten")


def test_nothing_of_another_house_is_named_in_our_pages() -> None:
    """No address of anybody else in what a browser is told to load."""
    for path in [*ROOT.glob("templates/layout/*.html"), *ROOT.glob("static/**/*.css"), *ROOT.glob("static/**/*.js")]:
        loads = re.findall(r"(?:src=|href=|url\(|import )[\"']?(https?://[^\"')]+)", path.read_text())
        assert not loads, f"{path.name}: {loads}"

"""The places where a programme works, and its templates."""

from typing import Any

import belgica
import pytest

from portal.foundation.database import db
from portal.programmes import queries, service, sites
from portal.programmes.models import Site, SiteKind, Template, TemplateKind
from tests.candidates.factories import a_coordinator, a_place, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")


def test_all_prisons_are_loaded_once_and_keep_what_was_edited() -> None:
    assert sites.load() == len(belgica.prisons()) + len(belgica.houses_of_justice())
    assert db.session.query(Site).filter_by(kind=SiteKind.PRISON).count() == 39
    ghent = db.session.query(Site).filter_by(nl="Gevangenis van Gent").one()
    assert (ghent.fr, ghent.en, ghent.postcode) == ("Prison de Gand", "Prison of Ghent", "9000")
    mons = db.session.query(Site).filter_by(fr="Maison de justice de Mons").one()
    assert (mons.nl, mons.en) == ("Justitiehuis Bergen", "House of justice of Mons")
    service.set_lead_days(ghent, 25)
    assert sites.load() == 0
    assert ghent.permission_lead_days == 25


def test_templates_are_the_programmes_own_and_fall_back_to_the_default() -> None:
    programme = a_programme()
    default = queries.template(programme.id, TemplateKind.FLOW)
    assert default["weeks"] == 12
    service.load_templates(programme)
    assert db.session.query(Template).count() == len(TemplateKind)
    db.session.add(
        Template(programme_id=programme.id, kind=TemplateKind.FLOW, version=2, body={**default, "weeks": 14})
    )
    db.session.flush()
    assert queries.template(programme.id, TemplateKind.FLOW)["weeks"] == 14


def test_a_coordinator_keeps_the_places(visitors: Any) -> None:
    a_place()
    sites.load()
    db.session.commit()
    griet = visitors(a_coordinator())
    page = griet.open("/places").follow("Change").send("Keep", days="22").says("22 working days")
    page = page.follow("Add a reception centre")
    page = page.send(
        "Add the place", name="Klein Kasteeltje", street="Negende Linielaan 27", postcode="1000", municipality="Brussel"
    )
    page.says("Klein Kasteeltje", "not needed")
    form = page.follow("Add a place")
    value = form.tree.xpath("//option[contains(., 'Prison of Ghent')]/@value")[0]
    form.send("Add the place", place=value).says("Prison of Ghent")
    visitors(a_worker()).open("/places", status=403)
    visitors(a_coordinator(a_programme("Elders"))).open("/places").lacks("Klein Kasteeltje")

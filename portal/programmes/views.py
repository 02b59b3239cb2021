"""The places where a programme works."""

from dataclasses import asdict

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.programmes import employment_views, queries, service
from portal.programmes.blueprint import programmes
from portal.programmes.forms import CentreForm, LeadDaysForm, PlaceForm
from portal.programmes.models import Programme, ProgrammeSite, Site
from portal.programmes.policy import coordinator

__all__ = ["employment_views"]
blueprints = (programmes,)


def _own() -> tuple[int, ...]:
    return viewer().programmes("coordinator")


def _first() -> Programme:
    """The programme that a coordinator adds places to: the first, when there are several."""
    found = queries.programmes_of(_own())
    if not found:
        raise NotFound()
    return found[0]


@programmes.get("/places")
@opens_to(coordinator)
def sites() -> str:
    """Where people of the programme are met, and how long a permission takes there."""
    return render_template("programmes/sites.html", sites=queries.sites_of(_own()))


@programmes.route("/places/<key>", methods=["GET", "POST"])
@opens_to(coordinator)
def site(key: str) -> str | Response:
    """What a place needs: how long a permission takes there; of a centre that was added, all of it."""
    found = _place(key).site
    if found.own:
        return _centre(found)
    form = LeadDaysForm.from_request(days=found.permission_lead_days)
    if form.accepted():
        service.set_lead_days(found, form.answer().days)
        return form.go(url_for(".sites"), _("Kept."))
    return render_template("programmes/site.html", site=found, form=form)


def _centre(found: Site) -> str | Response:
    """A centre that the coordinator added: all of it may change."""
    form = CentreForm.from_request(
        name=found.nl, street=found.street, postcode=found.postcode, municipality=found.municipality,
        languages=found.languages, days=found.permission_lead_days,
    )  # fmt: skip
    if form.accepted():
        service.change_centre(found, **asdict(form.answer()))
        return form.go(url_for(".sites"), _("Kept."))
    return render_template("programmes/site.html", site=found, form=form)


def _place(key: str) -> ProgrammeSite:
    found = queries.place_of(_own(), key)
    if found is None:
        raise NotFound()
    return found


@programmes.post("/places/<key>/leave")
@opens_to(coordinator)
def leave(key: str) -> Response:
    """Stop working at a place, when nobody is met there any more."""
    place = _place(key)
    press = Press.from_request()
    if press.accepted():
        service.leave(place)
        return press.go(url_for(".sites"), _("Your programme no longer works there."))
    return see_other(url_for(".site", key=key))


@programmes.route("/places/add", methods=["GET", "POST"])
@opens_to(coordinator)
def add_site() -> str | Response:
    """Work at one more prison or house of justice of the public list."""
    programme = _first()
    places = queries.other_sites(programme.id)
    form = PlaceForm.from_request()
    offer(form.place, [(one.key, one.label) for one in places], _("Choose"))
    if form.accepted():
        service.work_at(programme, next(one for one in places if one.key == form.answer().place))
        return form.go(url_for(".sites"), _("The place is added."))
    return render_template(
        "programmes/add_place.html", form=form, title=_("Add a place"),
        words=_("From the public list of prisons and houses of justice."),
    )  # fmt: skip


@programmes.route("/places/centre", methods=["GET", "POST"])
@opens_to(coordinator)
def add_centre() -> str | Response:
    """Add a reception centre, which no public list names."""
    programme = _first()
    form = CentreForm.from_request(days=0)
    if form.accepted():
        service.add_centre(programme, **asdict(form.answer()))
        return form.go(url_for(".sites"), _("The place is added."))
    return render_template(
        "programmes/add_place.html", form=form, title=_("Add a reception centre"),
        words=_("No public list names the centres, so you write its address here."),
    )  # fmt: skip

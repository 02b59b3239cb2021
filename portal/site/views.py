from flask import Blueprint, render_template

from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.options import load
from portal.tasks import queries as tasks

site = Blueprint("site", __name__)
blueprints = (site,)


@site.get("/")
@opens_to(anyone)
def home() -> str:
    """The front page for a visitor; for anybody else what waits for them."""
    who = viewer()
    if who.is_anonymous:
        return render_template("site/front.html")
    return render_template("site/home.html", waiting=tasks.waiting_for(who))


@site.get("/privacy")
@opens_to(anyone)
def privacy() -> str:
    return _text("privacy")


@site.get("/accessibility")
@opens_to(anyone)
def accessibility() -> str:
    return _text("accessibility")


@site.get("/for-employers")
@opens_to(anyone)
def for_employers() -> str:
    return _text("employers")


@site.get("/ambassadors")
@opens_to(anyone)
def ambassadors() -> str:
    return _text("ambassadors")


def _text(name: str) -> str:
    """A page of plain text, kept as data in three languages."""
    return render_template("site/text.html", page=load("site", "texts")[name])

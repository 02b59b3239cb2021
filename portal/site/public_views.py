"""Pages for everybody that read what the portal itself keeps: true figures, visits to come, and what companies tell."""

from flask import render_template

from portal.dashboard import sheets
from portal.events import queries as events
from portal.events import shown
from portal.foundation.access import anyone, opens_to
from portal.foundation.options import load
from portal.site import public_figures, stories
from portal.site.blueprint import site


@site.get("/figures-for-everybody")
@opens_to(anyone)
def figures() -> str:
    return render_template(
        "site/figures.html",
        page=load("site", "texts")["page"]["figures"],
        found=public_figures.of_all(),
        texts=sheets.texts,
    )


@site.get("/visits")
@opens_to(anyone)
def visits() -> str:
    """What, which day, which municipality: who comes and where exactly is told to whoever is invited."""
    return render_template(
        "site/visits.html", page=load("site", "texts")["page"]["events"], events=events.public(), shown=shown
    )


@site.get("/stories")
@opens_to(anyone)
def told() -> str:
    """How it went, in the words of companies that agreed to them in the reader's language."""
    return render_template("site/stories.html", page=load("site", "texts")["page"]["stories"], told=stories.told())

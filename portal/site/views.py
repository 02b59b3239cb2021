from typing import Any

from flask import render_template, url_for

from portal.accounts.roles import Role
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.options import load
from portal.foundation.words import _, lazy
from portal.site import indexing, public_figures, public_views, queries, stories
from portal.site.blueprint import site
from portal.site.cards import cards_for
from portal.site.changes import since_yesterday
from portal.tasks import queries as tasks

blueprints = (site,)

NUMBERS = (
    lazy("Two"), lazy("Three"), lazy("Four"), lazy("Five"), lazy("Six"), lazy("Seven"), lazy("Eight"), lazy("Nine"),
    lazy("Ten"),
)  # fmt: skip


@site.get("/")
@opens_to(anyone)
def home() -> str:
    """The front page for a visitor; for anybody else what waits for them."""
    who = viewer()
    if who.is_anonymous:
        said = [one for one in stories.named_ambassadors(limit=6) if one.text]
        counted = next((one for one in public_figures.of_all() if one.says), None)
        return _text("front", "site/front.html", story=said[0] if said else None, counted=counted)
    waiting = tasks.waiting_for(who)
    return render_template(
        "site/home.html", waiting=waiting, greeting=_greeting(who.first_name, len(waiting)), cards=cards_for(who),
        changed=since_yesterday(who), my_day=url_for("agenda.day") if who.has(Role.PROJECT_WORKER) else None,
    )  # fmt: skip


def _greeting(name: str, number: int) -> str:
    """Hello Lien. Five things wait for you."""
    if number == 0:
        return _("Hello %(name)s. Nothing waits for you.", name=name)
    if number == 1:
        return _("Hello %(name)s. One thing waits for you.", name=name)
    written = NUMBERS[number - 2] if number - 2 < len(NUMBERS) else number
    return _("Hello %(name)s. %(number)s things wait for you.", name=name, number=written)


@site.get("/for-employers")
@opens_to(anyone)
def for_employers() -> str:
    return _text("for_employers", "site/for_employers.html")


@site.get("/ambassadors")
@opens_to(anyone)
def ambassadors() -> str:
    return _text("ambassadors", "site/ambassadors.html", named=stories.named_ambassadors())


@site.get("/privacy")
@opens_to(anyone)
def privacy() -> str:
    return _text("privacy")


@site.get("/accessibility")
@opens_to(anyone)
def accessibility() -> str:
    return _text("accessibility")


@site.get("/contact")
@opens_to(anyone)
def contact() -> str:
    return _text("contact", "site/contact.html", offices=queries.offices())


def _text(name: str, template: str = "site/text.html", **more: Any) -> str:
    """A page of words kept as data in three languages, laid out by its template."""
    return render_template(template, page=load("site", "texts")["page"][name], **more)


__all__ = ["blueprints", "indexing", "public_views"]

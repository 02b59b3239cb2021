from flask import render_template

from portal.accounts.roles import EMPLOYERS
from portal.answers import edit_views, library
from portal.answers.blueprint import bp
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.options import load

blueprints = (bp,)


@bp.get("/answers")
@opens_to(anyone)
def index() -> str:
    return render_template(
        "answers/index.html", answers=library.answers(), page=load("site", "texts")["page"]["answers"]
    )


@bp.get("/answers/<slug>")
@opens_to(anyone)
def show(slug: str) -> str:
    """One answer with a company's own words; a company that is in may ask one that did it."""
    others = library.answers()
    found = next((one for one in others if one.slug == slug), None) or library.answer(slug)
    return render_template(
        "answers/show.html", answer=found, others=others, heard=library.heard([slug]).get(slug, ()),
        may_ask=viewer().has(*EMPLOYERS),
    )  # fmt: skip


__all__ = ["blueprints", "edit_views"]

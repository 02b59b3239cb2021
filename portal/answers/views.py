from flask import Blueprint, render_template

from portal.answers import library
from portal.foundation.access import anyone, opens_to
from portal.foundation.options import load

bp = Blueprint("answers", __name__)
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
    return render_template("answers/show.html", answer=library.answer(slug), others=library.answers())

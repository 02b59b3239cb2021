"""The pool, for the team: whoever is out, without a name, found by what a job asks."""

from flask import render_template, request

from portal.accounts.policy import staff
from portal.accounts.roles import STAFF
from portal.foundation.access import opens_to, viewer
from portal.foundation.options import choices
from portal.showcase import pool_list
from portal.showcase.blueprint import showcase


@showcase.get("/people/pool", endpoint="people_pool")
@opens_to(staff)
def pool_page() -> str:
    """Everybody whose profile is out in the programme, as companies could meet them; one's own people lead to their case."""
    who, words = viewer(), pool_list.catalogue()
    wish = pool_list.asked(request.args, words.names)
    return render_template(
        "showcase/pool.html", page=pool_list.page(who, who.programmes(*STAFF)[0], wish), words=words, wish=wish,
        chosen=pool_list.chosen(wish, words.names), is_first=pool_list.is_first(), most=pool_list.MOST_SKILLS,
        region=request.args.get("region", ""), regions=choices("candidates", "regions"),
        licences=choices("candidates", "licences"), forms=choices("candidates", "employment_forms"),
        levels=choices("candidates", "competence_levels"),
    )  # fmt: skip

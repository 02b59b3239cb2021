from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.tasks import digest_views, queries, service
from portal.tasks.blueprint import tasks

blueprints = (tasks,)


@tasks.get("/letters/<number>")
@opens_to(coordinator)
def letter(number: str) -> str:
    """A letter that found no way: to whom, since when, and what can be done."""
    found = queries.given_up(viewer(), number)
    if found is None:
        raise NotFound()
    return render_template("tasks/letter.html", letter=found)


@tasks.post("/letters/<number>/settle")
@opens_to(coordinator)
def settle(number: str) -> Response:
    """Send it once more, or say that the reader was reached in another way."""
    found = queries.given_up(viewer(), number)
    if found is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        again = request.form.get("do") == "again"
        service.settle_letter(found, again=again)
        return press.go(
            url_for("site.home"), _("It is on its way again.") if again else _("Noted. Thank you for calling.")
        )
    return refusals.see_other(url_for(".letter", number=number))


__all__ = ["blueprints", "digest_views"]

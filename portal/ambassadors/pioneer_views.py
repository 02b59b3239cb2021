"""Asking to be confirmed as a pioneer, and confirming: another pioneer, or the coordinator while there are fewer than two."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import Role
from portal.ambassadors import pioneers, queries
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.invitation_views import back_with_refusal
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.ambassadors.policy import coordinator
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _


@ambassadors.post("/network/pioneer")
@opens_to(is_ambassador)
def ask_pioneer() -> Response:
    """The company itself asks: nobody reads that it reached the thresholds before it wishes so."""
    me = queries.ambassador_of(viewer())
    press = Press.from_request()
    if press.accepted():
        pioneers.ask(me)
        return press.go(url_for(".index"), _("Your question is on its way. You see here when it is confirmed."))
    return back_with_refusal(press, url_for(".index"))


@ambassadors.get("/network/pioneers/<key>")
@opens_to(is_ambassador)
def peer_to_confirm(key: str) -> str:
    """For a pioneer: the company that asks, and what one confirms."""
    asks = pioneers.peer_to_confirm(queries.ambassador_of(viewer()), key)
    return render_template("ambassadors/peer_to_confirm.html", asks=asks)


@ambassadors.post("/network/pioneers/<key>/confirm")
@opens_to(is_ambassador)
def confirm_peer(key: str) -> Response:
    asks = pioneers.peer_to_confirm(queries.ambassador_of(viewer()), key)
    press = Press.from_request()
    if press.accepted():
        pioneers.confirm(asks, by_pioneer=True)
        company = asks.employer.organisation.name
        return press.go(url_for(".index"), _("Thank you. %(company)s is a pioneer now.", company=company))
    return back_with_refusal(press, url_for(".index"))


@ambassadors.post("/network/ambassadors/<key>/pioneer")
@opens_to(coordinator)
def pioneer(key: str) -> Response:
    """The coordinator confirms a pioneer whose company reached the thresholds, while there are fewer than two."""
    found = queries.ambassador_in(viewer().programmes(Role.COORDINATOR), key)
    press = Press.from_request()
    if press.accepted():
        pioneers.confirm(found, by_pioneer=False)
        return press.go(url_for(".review", key=key), _("Confirmed: this company is a pioneer."))
    return back_with_refusal(press, url_for(".review", key=key))

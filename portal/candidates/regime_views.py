"""The regimes as data: what each asks of an interview outside, by whom that was said, and when somebody last checked it.

A coordinator keeps up the programme's own; an administrator what counts for all. No page here knows a person.
"""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import Role
from portal.candidates.policy import keeps_regimes
from portal.candidates.regime_forms import RegimeForm
from portal.candidates.regime_reading import Scope, named, shown, versions
from portal.candidates.room import candidates
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.programmes import queries as programmes
from portal.programmes import regimes
from portal.programmes.models import SiteKind
from portal.programmes.regimes import Rule

MET_AT = (SiteKind.PRISON, SiteKind.CENTRE, SiteKind.OFFICE)


def _scope() -> Scope:
    own = viewer().programmes(Role.COORDINATOR)
    found = programmes.programmes_of(own)
    if not found:
        return Scope(None, "", ())
    return Scope(found[0].id, found[0].name, programmes.sites_of([found[0].id], MET_AT))


def _known(regime: str) -> str:
    if regime not in regimes.codes():
        raise NotFound()
    return regime


@candidates.get("/regimes")
@opens_to(keeps_regimes)
def regimes_list() -> str:
    """Every regime with what it asks, its source and when it was checked."""
    scope = _scope()
    book = regimes.book(scope.programme_id)
    rules = [shown(one, scope) for one in book.every()]
    return render_template("candidates/regimes.html", rules=rules, scope=scope, stale=len(book.stale))


@candidates.route("/regimes/<code>", methods=["GET", "POST"])
@opens_to(keeps_regimes)
def regime(code: str) -> str | Response:
    """What one regime asks, everywhere or at one place, with all its versions."""
    scope, place = _scope(), request.args.get("place", "")
    book, site = regimes.book(scope.programme_id), scope.place(place)
    rule = book.rule(_known(code), site.id if site is not None else None)
    form = RegimeForm.from_request(**_start(rule, place))
    offer(form.place, [(one.key, one.label) for one in scope.places], _("Everywhere"))
    if form.accepted():
        answer = form.answer()
        regimes.write(answer.rule(code), programme_id=scope.programme_id, site=scope.place(answer.place))
        return form.go(url_for(".regimes_list"), _("Kept. Interviews that are planned from now on reckon with it."))
    return render_template(
        "candidates/regime.html", form=form, code=code, name=named(code), rule=shown(rule, scope), scope=scope, place=place,
        own_place=site is not None and rule.site is not None and rule.programme_id == scope.programme_id,
        versions=versions(code, scope),
    )  # fmt: skip


def _start(rule: Rule, place: str) -> dict[str, Any]:
    return {
        "place": place, "needed": "yes" if rule.permission_needed else "no", "days": rule.lead_days, "hours_from": rule.hours_from,
        "hours_until": rule.hours_until, "source": rule.source if rule.version else "", "source_date": rule.source_date if rule.version else None,
    }  # fmt: skip


@candidates.post("/regimes/<code>/checked")
@opens_to(keeps_regimes)
def regime_checked(code: str) -> Response:
    """It is still right: one press, and today is the day of the check."""
    scope, press = _scope(), Press.from_request()
    site = scope.place(request.form.get("place", ""))
    if press.accepted():
        rule = regimes.book(scope.programme_id).rule(_known(code), site.id if site is not None else None)
        regimes.still_right(rule, programme_id=scope.programme_id, site=site)
        return press.go(url_for(".regimes_list"), _("Noted: checked today."))
    return see_other(url_for(".regime", code=code))


@candidates.post("/regimes/<code>/same-here")
@opens_to(keeps_regimes)
def regime_same_here(code: str) -> Response:
    """A place no longer differs: the wider rule counts there again."""
    scope, press = _scope(), Press.from_request()
    site = scope.place(request.form.get("place", ""))
    if site is not None and press.accepted():
        rule = regimes.book(scope.programme_id).rule(_known(code), site.id)
        if rule.site is None or rule.programme_id != scope.programme_id:
            raise NotFound()
        regimes.write(rule, programme_id=scope.programme_id, site=site, withdrawn=True)
        return press.go(url_for(".regimes_list"), _("The same counts there as everywhere again."))
    return see_other(url_for(".regime", code=code))

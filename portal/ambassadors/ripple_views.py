"""The ripple of an ambassador: drawn, and the same figures as a table."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.ambassadors import queries, ripple
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.policy import network
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _


@ambassadors.get("/network/ripple")
@opens_to(network)
def ripples() -> str | Response:
    """What an ambassador's invitations set in motion, further than its own list."""
    company, mine = queries.company_of(viewer())
    if mine is None or mine.state not in queries.WERE:
        return refusals.see_other(url_for(".index"))
    labels = (_("Companies that you brought in"), _("Companies that they brought in"), _("And further"))
    found = ripple.of(mine, labels)
    rows = [*((ring.label, ring.value) for ring in found.rings), (_("Jobs there that held for 26 weeks"), found.jobs)]
    return render_template("ambassadors/ripple.html", company=company, ripple=found, rows=rows)

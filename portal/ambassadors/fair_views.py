"""A link and a QR code for a fair, from both sides: the ambassador makes and closes it, a company that scans it signs up."""

from datetime import timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.ambassadors import drafts, fairs, invitations, papers, queries
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.forms import FairForm
from portal.ambassadors.invitation_views import back_with_refusal
from portal.ambassadors.models import Ambassador, FairLink
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.employers import worries
from portal.employers.forms import SignUpForm
from portal.employers.sign_up_views import asks_number, from_address
from portal.employers.views import signed_up_with
from portal.foundation import clock, documents, refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _, language

USUAL_DAYS, USUAL_COMPANIES = timedelta(days=60), 25


@ambassadors.get("/network/fairs")
@opens_to(is_ambassador)
def fair_links() -> str:
    """The codes that this ambassador took along, and how many companies each brought."""
    return render_template("ambassadors/fair_links.html", seen=fairs.of(queries.ambassador_of(viewer())))


@ambassadors.route("/network/fairs/new", methods=["GET", "POST"])
@opens_to(is_ambassador)
def new_fair_link() -> str | Response:
    mine = queries.ambassador_of(viewer())
    form = FairForm.from_request(
        language=language(), most=USUAL_COMPANIES, expires_on=clock.today() + USUAL_DAYS, words=drafts.text("", language()),
    )  # fmt: skip
    if form.accepted():
        answer = form.answer()
        invitations.refuse_the_past(answer.words, answer.language)
        made = fairs.make(mine, answer)
        return form.go(url_for(".fair_link", key=made.key), _("Your code is ready."))
    return render_template("ambassadors/new_fair_link.html", form=form)


@ambassadors.get("/network/fairs/<key>")
@opens_to(is_ambassador)
def fair_link(key: str) -> str:
    """The code itself, the cards to print, what a company that scans it will read, and how many came."""
    mine = queries.ambassador_of(viewer())
    seen, url = _mine(mine, key)
    return render_template(
        "ambassadors/fair_link.html", seen=seen, fair=seen.link, url=url, square=fairs.square(url) if url else "", sender=mine,
    )  # fmt: skip


@ambassadors.get("/network/fairs/<key>/card")
@opens_to(is_ambassador)
def fair_card(key: str) -> Response:
    """The card as a PDF: of a pocket's size, or a whole sheet."""
    mine = queries.ambassador_of(viewer())
    seen, url = _mine(mine, key)
    if not url:
        raise NotFound()
    seen.link.ambassador = mine
    size = request.args.get("paper", "")
    content = papers.card_pdf(seen.link, url, size if size in papers.SIZES else papers.SIZES[0])
    return documents.attachment(content, papers.CARD_NAMES[language()])


def _mine(mine: Ambassador, key: str) -> tuple[fairs.Seen, str]:
    """One of the ambassador's own links, with its address while it is open. Raises NotFound."""
    seen = fairs.of_key(mine, key)
    if seen is None:
        raise NotFound()
    way = fairs.way_in(seen.link) if seen.open else None
    return seen, links.url_of(way) if way is not None else ""


@ambassadors.post("/network/fairs/<key>/close")
@opens_to(is_ambassador)
def close_fair_link(key: str) -> Response:
    seen, _url = _mine(queries.ambassador_of(viewer()), key)
    press = Press.from_request()
    if press.accepted():
        fairs.close(seen.link)
        return press.go(url_for(".fair_links"), _("The code is closed. Who scans it now can still sign up without it."))
    return back_with_refusal(press, url_for(".fair_link", key=key))


@ambassadors.route("/fair/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def fair(token: str) -> str | Response:
    """What a company reads that scanned the code: who invites, in its own words, and the form to sign up."""
    found = _behind(token)
    if found is None:
        refusals.status(410)
        return render_template("ambassadors/fair_closed.html")
    link_pages.meet_in(found.language)
    form = SignUpForm.from_request(**from_address())
    if form.accepted():
        with fairs.coming_by(found):
            return signed_up_with(form)
    return render_template(
        "ambassadors/fair.html",
        form=form,
        fair=found,
        sender=found.ambassador,
        wonders=worries.near("signup"),
        asks_number=asks_number(form),
    )


def _behind(token: str) -> FairLink | None:
    """The link of a code, open; a closed, full, expired or invented one is none, and reads the same."""
    try:
        return fairs.behind(link_pages.find(fairs.PURPOSE, token).subject_id)
    except links.NoSuchLink:
        return None

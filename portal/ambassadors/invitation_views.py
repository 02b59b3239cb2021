"""An ambassador's invitations: written, read over as the peer will, sent, reminded, withdrawn."""

from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import Role
from portal.ambassadors import drafts, invitations, queries, shown
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.forms import InviteForm
from portal.ambassadors.models import Ambassador, Invitation, InvitationState
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.addresses import address_of
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import options
from portal.foundation.security import LETTER_POLICY
from portal.foundation.words import LANGUAGES, _, language
from portal.outbox.render import Rendered, render


@ambassadors.route("/network/invite", methods=["GET", "POST"])
@opens_to(is_ambassador)
def invite() -> str | Response:
    """Write an invitation. Nothing leaves yet: the next page shows the letter as the peer will read it."""
    return _write(None)


@ambassadors.route("/network/invitations/<key>/change", methods=["GET", "POST"])
@opens_to(is_ambassador)
def change(key: str) -> str | Response:
    """Change a draft."""
    return _write(key)


def _write(key: str | None) -> str | Response:
    _ambassador, draft = _loaded(key)
    if draft is not None and draft.state is not InvitationState.DRAFT:
        return refusals.see_other(url_for(".invitation", key=draft.key))
    form = InviteForm.from_request(**_start(draft))
    if form.accepted():
        answer = form.answer()
        # Counting begins a new transaction, so what was loaded before it is loaded again.
        invitations.count_try(viewer().organisations(Role.AMBASSADOR)[0], answer.email)
        ambassador, draft = _loaded(key)
        written = invitations.write(ambassador, answer, draft)
        return form.go(url_for(".invitation", key=written.key))
    return render_template(
        "ambassadors/invite.html", form=form, draft=draft, starts=options("ambassadors", "drafts", "drafts").values(),
        start=request.args.get("start", ""), tongues=LANGUAGES,
    )  # fmt: skip


def _loaded(key: str | None) -> tuple[Ambassador, Invitation | None]:
    ambassador = queries.ambassador_of(viewer())
    return ambassador, queries.invitation_of(viewer(), key) if key else None


def _start(draft: Invitation | None) -> dict[str, Any]:
    if draft is None:
        wished = request.args.get("language", "")
        tongue = wished if wished in LANGUAGES else language()
        return {"language": tongue, "words": drafts.text(request.args.get("start", ""), tongue)}
    return {
        "company_name": draft.company_name, "contact_name": draft.contact_name, "email": draft.address,
        "language": draft.language, "words": draft.words,
    }  # fmt: skip


@ambassadors.get("/network/invitations/<key>")
@opens_to(is_ambassador)
def invitation(key: str) -> str:
    """Before sending: the letter as the peer will read it. Afterwards: where it stands."""
    found = queries.invitation_of(viewer(), key)
    return render_template(
        "ambassadors/invitation.html", invitation=found, state=shown.state(found),
        is_draft=found.state is InvitationState.DRAFT, is_open=found.state is InvitationState.SENT,
        may_remind=invitations.may_remind(found) and found.ambassador.recruits, rests=not found.ambassador.recruits, left=invitations.MOST_REMINDERS - found.reminders,
        still_ours=drafts.untouched(found.words), subject=_letter(found).subject if found.words else "", sender=found.ambassador.person.name,
    )  # fmt: skip


@ambassadors.get("/network/invitations/<key>/letter")
@opens_to(is_ambassador)
def letter(key: str) -> Response:
    """The letter itself, at an address of its own, where nothing runs. Its link leads nowhere."""
    found = queries.invitation_of(viewer(), key)
    if not found.words:
        raise NotFound()
    return Response(_letter(found).html, mimetype="text/html", headers={"Content-Security-Policy": LETTER_POLICY})


def _letter(found: Invitation) -> Rendered:
    link = address_of("ambassadors.invited", token="0")
    return render("ambassadors/invitation", found.language, invitations.letter_values(found, link))


@ambassadors.post("/network/invitations/<key>/send")
@opens_to(is_ambassador)
def send(key: str) -> Response:
    found = queries.invitation_of(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        invitations.send(found)
        return press.go(
            url_for(".index"), _("Your invitation to %(company)s is on its way.", company=found.company_name)
        )
    return back_with_refusal(press, url_for(".invitation", key=key))


@ambassadors.post("/network/invitations/<key>/remind")
@opens_to(is_ambassador)
def remind(key: str) -> Response:
    found = queries.invitation_of(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        invitations.remind(found)
        return press.go(url_for(".index"), _("The reminder is on its way."))
    return back_with_refusal(press, url_for(".invitation", key=key))


@ambassadors.post("/network/invitations/<key>/withdraw")
@opens_to(is_ambassador)
def withdraw(key: str) -> Response:
    found = queries.invitation_of(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        invitations.withdraw(found)
        return press.go(url_for(".index"), _("The invitation is withdrawn. Its link no longer works."))
    return back_with_refusal(press, url_for(".invitation", key=key))


def back_with_refusal(press: Press, url: str) -> Response:
    """A button that a rule refused: the page it stood on says why."""
    for sentence in press.form_errors:
        flash(str(sentence), "bad")
    return refusals.see_other(url)

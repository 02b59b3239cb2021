"""What a peer company opens from its letter: sign up, or say no in one click. A visit alone changes nothing."""

from flask import g, render_template, request, url_for
from flask_babel import refresh
from werkzeug.wrappers import Response

from portal.accounts import links
from portal.ambassadors import invitations, queries
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.models import Invitation, InvitationState
from portal.employers import worries
from portal.employers.forms import SignUpForm
from portal.employers.sign_up_views import asks_number, from_address
from portal.employers.views import signed_up_with
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press


@ambassadors.route("/invited/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def invited(token: str) -> str | Response:
    """The ambassador's name, what this is, and the form to sign up; an answered invitation says what was answered."""
    invitation = _invitation(token)
    _speak_as_the_letter(invitation)
    form = SignUpForm.from_request(**{"name": invitation.company_name, **from_address()})
    if form.accepted():
        invitations.must_be_open(invitation)
        return signed_up_with(form, invitation.id)
    if invitation.state is not InvitationState.SENT:
        return render_template("ambassadors/answered.html", invitation=invitation)
    return render_template(
        "ambassadors/invited.html", form=form, token=token, sender=invitation.ambassador,
        wonders=worries.near("signup"), asks_number=asks_number(form),
    )  # fmt: skip


@ambassadors.post("/invited/<token>/decline")
@opens_to(anyone)
def decline(token: str) -> Response:
    """No, in one click: the ambassador reads that it is a no, and nobody writes to this address again."""
    invitation = _invitation(token)
    press = Press.from_request()
    if press.accepted():
        invitations.decline(invitation)
        return press.go(url_for(".invited", token=token))
    return refusals.see_other(url_for(".invited", token=token))


def _invitation(token: str) -> Invitation:
    link = links.find(invitations.PURPOSE, token)
    found = queries.invitation_behind(link.subject_id, lock=request.method == "POST")
    if found is None:
        raise NotFound()
    return found


def _speak_as_the_letter(invitation: Invitation) -> None:
    """A visitor who chose no language yet reads on in the language of the letter."""
    if viewer().is_anonymous and "language" not in request.cookies and "language" not in request.args:
        g.own_language = invitation.language
        refresh()

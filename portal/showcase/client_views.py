"""The worker asks a candidate about the client to whom an agency's job went, and records the answer."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.candidates import consents, identities
from portal.candidates.states import Channel
from portal.employers import clients
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _
from portal.showcase import client_answers, queries
from portal.showcase.blueprint import showcase
from portal.showcase.forms import AnswerForm


@showcase.route("/interests/<key>/client", methods=["GET", "POST"])
@opens_to(staff)
def client_answer(key: str) -> str | Response:
    """Yes or no to this one client; what was said to another one counts for nothing here."""
    interest, case = queries.interest_of_staff(viewer(), key)
    form = AnswerForm.from_request()
    if form.accepted():
        given = form.answer()
        if given.answer == "yes":
            client_answers.agree(interest, case, channel=Channel(given.channel), fields=given.fields)
            return form.go(url_for(".answer", key=key), _("Kept. The yes counts for this client only."))
        client_answers.refuse(interest, given.reasons)
        return form.go(url_for(".answer", key=key), _("Kept. This client hears no name."))
    if not client_answers.waits(interest):
        return refusals.see_other(url_for(".answer", key=key))
    return render_template(
        "showcase/client_answer.html", form=form, interest=interest, case=case,
        client=clients.at(interest.vacancy.workplace_id), name=identities.name(case.id, "another client"),
        words=consents.words_for_client(case.language),
    )  # fmt: skip

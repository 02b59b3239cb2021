"""What the team does around the cards: releasing batches, asking candidates, mediating where too few fit."""

from collections import defaultdict
from dataclasses import dataclass

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator, staff
from portal.candidates import consents, handles, identities
from portal.candidates.states import Channel
from portal.employers import clients
from portal.employers import needs as vacancy_needs
from portal.employers.facts import contact_way
from portal.employers.models import Vacancy
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.options import labels
from portal.foundation.words import _
from portal.journal import service as journal
from portal.programmes import coordinated
from portal.showcase import batches, capacity, cards, client_answers, interests, matching, queries
from portal.showcase.blueprint import showcase
from portal.showcase.forms import AnswerForm, MediateForm
from portal.showcase.reasons import lacking
from portal.tasks import service as tasks


@showcase.get("/batches", endpoint="batches")
@opens_to(coordinator)
def batches_page() -> str:
    """What waits to be released, and whether it is enough."""
    programmes, here = coordinated.chosen()
    return render_template(
        "showcase/batches.html", programmes=programmes, here=here, waiting=batches.waiting(here.id),
        limits=capacity.asked_for_less(here.id),
    )  # fmt: skip


@showcase.post("/batches/<key>")
@opens_to(coordinator)
def release(key: str) -> Response:
    here = coordinated.named(key)
    url = url_for(".batches", programme=key)
    press = Press.from_request()
    if press.accepted():
        batch = batches.release(here)
        if batch is None:
            return press.go(
                url, _("The last check sent profiles back to their writers, so too few are left for a batch.")
            )
        return press.go(url, _("The batch is released. Companies see it from now on."))
    return refusals.see_other(url)


@showcase.route("/interests/<key>", methods=["GET", "POST"])
@opens_to(staff)
def answer(key: str) -> str | Response:
    """The worker asks the candidate, and records the answer."""
    interest, case = queries.interest_of_staff(viewer(), key)
    form = AnswerForm.from_request()
    if form.accepted():
        given = form.answer()
        if given.answer == "yes":
            interests.agree(interest, case, channel=Channel(given.channel), fields=given.fields)
            if interest.asks_employer:
                return form.go(url_for(".answer", key=key), _("Kept. It goes on as soon as the company says yes too."))
            return form.go(url_for(".answer", key=key), _("The company hears that the candidate wants to meet."))
        interests.decline(interest, reasons=given.reasons)
        return form.go(url_for(".answer", key=key), _("The company hears that it cannot go on, and nothing more."))
    return render_template(
        "showcase/answer.html", form=form, interest=interest, case=case, waits=interest.asks_candidate,
        name=identities.name(case.id, "interest"), appeals=labels("interviews", "interest_reasons", interest.reasons),
        said=labels("interviews", "candidate_reasons", interest.candidate_reasons),
        forms=labels("candidates", "employment_forms", interest.vacancy.forms),
        company_said=labels("interviews", "not_fitting_reasons", interest.employer_reasons),
        client=clients.at(interest.vacancy.workplace_id), client_words=consents.words_for_client(case.language),
        ask_again=client_answers.waits(interest),
    )  # fmt: skip


@dataclass(frozen=True)
class Close:
    """People who come equally close to a vacancy: what they lack, how many they are, and the viewer's own among them."""

    missing: list[str]
    number: int
    own: list[str]


@showcase.route("/vacancies/<key>/mediate", methods=["GET", "POST"])
@opens_to(staff)
def mediate(key: str) -> str | Response:
    """Too few people for a list: who comes close, and what to settle with the company."""
    vacancy = queries.vacancy_for_staff(viewer(), key)
    form = MediateForm.from_request()
    if form.accepted():
        journal.note("vacancy.mediated", vacancy, reason=form.answer().note)
        tasks.close("showcase.mediate", vacancy)
        return form.go(url_for("site.home"), _("Your note is kept with the vacancy."))
    names = {one.competence_id: one.competence.label for one in vacancy.competences}
    return render_template(
        "showcase/mediate.html", form=form, vacancy=vacancy, lines=_close_to(vacancy, names),
        musts=[names[one.competence_id] for one in vacancy.competences if one.must],
        month=capacity.room(vacancy.employer), anew=capacity.next_month(), way=contact_way(vacancy.employer),
    )  # fmt: skip


def _close_to(vacancy: Vacancy, names: dict[int, str]) -> list[Close]:
    """Who lacks at most two things, by what is lacking, the fewest first."""
    asked, groups = vacancy_needs.of(vacancy), defaultdict[tuple[str, ...], list[int]](list)
    for one in cards.people_out(vacancy.employer.programme_id):
        groups[tuple(matching.missing(asked, one.work))].append(one.candidate_id)
    near = sorted(
        (pair for pair in groups.items() if len(pair[0]) <= 2), key=lambda pair: (len(pair[0]), -len(pair[1]))
    )
    cases = handles.handles([number for _missing, numbers in near for number in numbers])
    mine = {number: case.key for number, case in cases.items() if case.worker_id == viewer().me}
    return [
        Close([lacking(code, names) for code in missing], len(numbers), [mine[one] for one in numbers if one in mine])
        for missing, numbers in near
    ]

"""A company asks another: the asker's pages, the peer's page, and the team's."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.policy import employer, staff
from portal.ambassadors import question_queries as queries
from portal.ambassadors import question_shown as shown
from portal.ambassadors import questions
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.ambassadors.question_forms import AgainForm, AskForm, ReplyForm, WorkerReplyForm
from portal.ambassadors.question_models import PeerQuestion, QuestionState, Side, TurnEnd
from portal.ambassadors.routing import rule
from portal.answers import library
from portal.employers import queries as companies
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Form, Press
from portal.foundation.words import _, language


@ambassadors.get("/network/questions")
@opens_to(employer)
def my_questions() -> str:
    """What this person asked other companies."""
    companies.employer_of(viewer())
    return render_template(
        "ambassadors/questions.html", page=queries.list_of(viewer()), states=shown.STATES, topics=library.questions()
    )


@ambassadors.route("/network/ask", methods=["GET", "POST"])
@opens_to(employer)
def ask() -> str | Response:
    """Ask a company that did it. It is put to one company at a time."""
    company = companies.employer_of(viewer())
    topics = library.questions()
    slug = request.args.get("about", "")
    slug = slug if slug in topics else ""
    form = AskForm.from_request()
    if company.may_recruit and form.accepted():
        answer = form.answer()
        asked = questions.ask(
            company, db.session.get_one(Person, viewer().me), answer.text, slug=slug, language=language(),
            named=answer.names_company, looked=answer.looked,
        )  # fmt: skip
        return form.go(url_for(".my_question", key=asked.key), _("Your question is on its way."))
    return render_template(
        "ambassadors/ask.html", form=form, company=company, topic=topics.get(slug, ""), slug=slug,
        days=rule("answer_workdays"), marked=_marked(form), unnamed=shown.like(company),
    )  # fmt: skip


def _marked(form: Form[Any], code: str = "") -> list[shown.Marked]:
    """What the check found in what was typed and not sent yet."""
    return shown.marked(form["text"].data, code or language()) if request.method == "POST" else []


@ambassadors.route("/network/questions/<key>", methods=["GET", "POST"])
@opens_to(employer)
def my_question(key: str) -> str | Response:
    """Where a question is, its answer, and room to write once more."""
    found = queries.asked_by(viewer(), key)
    form = AgainForm.from_request()
    if form.accepted():
        answer = form.answer()
        questions.write_again(found, answer.text, looked=answer.looked)
        return form.go(url_for(".my_question", key=key), _("Your question is on its way."))
    answered = found.state is QuestionState.ANSWERED
    turn = found.turn
    return render_template(
        "ambassadors/my_question.html", question=found, form=form, said=shown.messages(found, Side.ASKER),
        state=shown.STATES[found.state], until=turn.due if turn else None, answered=answered,
        may_write=answered and not found.wrote_again, marked=_marked(form, found.language),
        topic=library.questions().get(found.slug, ""),
    )  # fmt: skip


@ambassadors.post("/network/questions/<key>/helped")
@opens_to(employer)
def helped(key: str) -> Response:
    found = queries.asked_by(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        questions.helped(found)
        return press.go(url_for(".my_question", key=key), _("Thank you. Whoever answered sees it."))
    return refusals.see_other(url_for(".my_question", key=key))


@ambassadors.post("/network/questions/<key>/close")
@opens_to(employer)
def close_question(key: str) -> Response:
    found = queries.asked_by(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        questions.close(found)
        return press.go(url_for(".my_questions"), _("Your question is closed. Nobody answers it any more."))
    return refusals.see_other(url_for(".my_question", key=key))


@ambassadors.route("/network/asked/<key>", methods=["GET", "POST"])
@opens_to(is_ambassador)
def peer_question(key: str) -> str | Response:
    """A question that another company put to this one."""
    found, turn = queries.put_to(viewer(), key)
    gone = turn.ended_how in {TurnEnd.PASSED, TurnEnd.LATE, TurnEnd.GONE}
    form = ReplyForm.from_request(names_company=True)
    if form.accepted():
        answer = form.answer()
        questions.reply(found, turn, answer.text, named=answer.names_company, looked=answer.looked)
        return form.go(url_for(".peer_question", key=key), _("Thank you. The company reads your answer."))
    return render_template(
        "ambassadors/peer_question.html", question=found, turn=turn, form=form, gone=gone,
        said=[] if gone else shown.messages(found, Side.PEER), waits=turn.ended_how is None,
        topic=library.questions().get(found.slug, ""), marked=_marked(form, found.language),
    )  # fmt: skip


@ambassadors.post("/network/asked/<key>/pass")
@opens_to(is_ambassador)
def pass_question(key: str) -> Response:
    found, turn = queries.put_to(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        questions.pass_on(found, turn)
        return press.go(url_for(".index"), _("It goes to somebody else. That is fine."))
    return refusals.see_other(url_for(".peer_question", key=key))


@ambassadors.get("/network/questions/team")
@opens_to(staff)
def all_questions() -> str:
    """What companies of the viewer's programmes asked one another."""
    return render_template(
        "ambassadors/all_questions.html", page=queries.all_of_team(viewer()), states=shown.STATES,
        topics=library.questions(),
    )  # fmt: skip


@ambassadors.route("/network/questions/team/<key>", methods=["GET", "POST"])
@opens_to(staff)
def question_of_team(key: str) -> str | Response:
    """The whole talk for the team: answered by the worker where no company could, proposed for the library where good."""
    found = queries.of_team(viewer(), key)
    form = WorkerReplyForm.from_request()
    if form.accepted():
        answer = form.answer()
        questions.reply_as_worker(found, answer.text, looked=answer.looked)
        return form.go(url_for(".question_of_team", key=key), _("The company reads your answer."))
    return render_template(
        "ambassadors/question_of_team.html", question=found, form=form, said=shown.messages(found, None),
        state=shown.STATES[found.state], waits=found.state is QuestionState.WITH_WORKER, asked=_asked(found),
        topic=library.questions().get(found.slug, ""), marked=_marked(form, found.language), good=_good(found),
    )  # fmt: skip


def _asked(question: PeerQuestion) -> list[tuple[str, str]]:
    """(company, what became of it): to whom the question was put."""
    words = {
        None: _("has it now"), TurnEnd.ANSWERED: _("answered"), TurnEnd.PASSED: _("passed it on"),
        TurnEnd.LATE: _("did not answer in time"), TurnEnd.GONE: _("stopped"),
    }  # fmt: skip
    return [(one.ambassador.employer.organisation.name, words[one.ended_how]) for one in question.turns]


def _good(question: PeerQuestion) -> bool:
    """Whether a company's answer could enter the library."""
    return any(one.side is Side.PEER for one in question.messages) and question.state is QuestionState.ANSWERED

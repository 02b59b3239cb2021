from http import HTTPStatus

import sqlalchemy as sa
from flask import abort, render_template, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_login import logout_user
from werkzeug.wrappers import Response

from portal.accounts import (
    account_views,
    administration,
    demo,
    entering,
    link_pages,
    links,
    passkeys,
    queries,
    reset_views,
    second_views,
    service,
    step_views,
    throttle,
    ways,
)
from portal.accounts.blueprint import accounts
from portal.accounts.forms import ForgottenForm, InviteForm, PasswordForm, SignInForm
from portal.accounts.models import Factor, Person, SignIn
from portal.accounts.policy import administrator
from portal.accounts.roles import EMPLOYERS, LABELS, Role
from portal.accounts.second_forms import ShownKeyForm
from portal.foundation import fields, refusals
from portal.foundation.access import anyone, in_demo, opens_to, signed_in, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.programmes.models import Programme

blueprints = (accounts,)


@accounts.route("/sign-in", methods=["GET", "POST"])
@opens_to(anyone)
def sign_in() -> str | Response:
    half = viewer().half
    if request.method == "GET" and half is not None:
        return refusals.see_other(url_for(".second_steps" if half.enrols else ".second_step"))
    form = SignInForm.from_request()
    if form.accepted():
        answer = form.answer()
        throttle.count(
            "sign-in",
            account=answer.email.lower(),
            address=request.remote_addr or "",
            known_browser=entering.known(answer.email),
        )
        before = session.get("_user_id") or ""
        person, token = service.sign_in(answer.email, answer.password, browser=entering.browser(), before=before)
        return entering.enter(person, token)
    question = passkeys.to_show(None, ())
    key = ShownKeyForm(formdata=None, challenge=question.sealed)
    return render_template("accounts/sign_in.html", form=form, key_form=key, question=question)


@accounts.post("/sign-out")
@opens_to(anyone)
def sign_out() -> Response:
    """End this sign-in; the browser forgets what it kept of the portal (a shared computer)."""
    who = viewer()
    sign_in_id = who.half.sign_in_id if who.half else who.sign_in_id
    if sign_in_id is not None:
        service.end_sign_in(db.session.get_one(SignIn, sign_in_id))
        db.session.commit()
    known = session.get("known", [])
    logout_user()
    session.clear()
    session["known"] = known
    answer = refusals.see_other(url_for("site.home"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@accounts.route("/password", methods=["GET", "POST"])
@opens_to(anyone)
def forgotten() -> str | Response:
    """Ask for a new password. The answer is the same whether or not anybody has this address."""
    form = ForgottenForm.from_request()
    if form.accepted():
        email = form.answer().email
        throttle.count("password", account=email.lower(), address=request.remote_addr or "")
        service.ask_new_password(email)
        return form.go(url_for(".forgotten_sent"))
    return render_template("accounts/forgotten.html", form=form)


@accounts.get("/password/sent")
@opens_to(anyone)
def forgotten_sent() -> str:
    return render_template("accounts/forgotten_sent.html")


@accounts.route("/password/<token>", methods=["GET", "POST"], endpoint="new_password")
@accounts.route("/welcome/<token>", methods=["GET", "POST"], endpoint="welcome")
@opens_to(anyone)
def new_password(token: str) -> str | Response:
    """Choose a password through a letter's link: the first one (welcome) or a new one."""
    purpose = "welcome" if request.endpoint == "accounts.welcome" else "password"
    link = link_pages.find(purpose, token)
    person = db.session.get_one(Person, link.subject_id)
    form = PasswordForm.from_request()
    if form.accepted():
        links.use(link)
        service.choose_password(person, form.answer().password)
        return form.go(url_for(".sign_in"), _("Your password is set. Sign in with it now."))
    return render_template("accounts/choose_password.html", form=form, person=person, welcome=purpose == "welcome")


@accounts.route("/confirm/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def confirm(token: str) -> str | Response:
    """The letter's link shows; the button confirms and chooses the first password."""
    link = link_pages.find("confirm", token)
    person = db.session.get_one(Person, link.subject_id)
    form = PasswordForm.from_request()
    if form.accepted():
        links.use(link)
        service.confirm(person)
        service.choose_password(person, form.answer().password)
        return form.go(url_for(".sign_in"), _("Your address is confirmed. Sign in with your new password."))
    return render_template("accounts/choose_password.html", form=form, person=person, welcome=True)


@accounts.get("/me")
@opens_to(signed_in)
def me() -> str:
    """The account: who I am here, and where I am signed in."""
    who = viewer()
    person = db.session.get_one(Person, who.me)
    return render_template(
        "accounts/me.html", person=person, sign_ins=queries.sign_ins_of(who.me, who.seats), current=who.sign_in_id,
        ways=ways.of(who.me), may_reset=reset_views.may_reset.allows(who), gets_week=who.has(*EMPLOYERS),
    )  # fmt: skip


@accounts.post("/me/sign-ins/<int:number>/end")
@opens_to(signed_in)
def end_sign_in(number: int) -> Response:
    found = db.session.scalar(sa.select(SignIn).where(SignIn.id == number, SignIn.person_id == viewer().me))
    if found is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        service.end_sign_in(found)
        return press.go(url_for(".me"), _("That browser is signed out."))
    return refusals.see_other(url_for(".me"))


@opens_to(in_demo)
def demo_sign_in() -> str | Response:
    """Step into a role with one click. Exists in demo mode only."""
    if request.method == "POST":
        person = queries.by_email(request.form.get("email", ""))
        if person is None or not person.may_sign_in:
            abort(HTTPStatus.BAD_REQUEST)
        # The demo's door stands for both steps; such a sign-in opens nothing outside demo mode.
        return entering.enter(person, service.open_sign_in(person, "demo", Factor.DEMO), told=False)
    return render_template("accounts/demo.html", people=demo.people())


@accounts.record
def _in_demo_only(state: BlueprintSetupState) -> None:
    """Outside demo mode the page is not closed: it does not exist."""
    if state.app.extensions["doorstart"].demo:
        state.add_url_rule("/demo", "demo", demo_sign_in, methods=["GET", "POST"])


@accounts.get("/accounts")
@opens_to(administrator)
def people() -> str:
    """Everybody with an account, for the administrator. No dossier is a click away."""
    name = request.args.get("q", "").strip()[:80]
    page = queries.people(name)
    seats = queries.seats_of([one.id for one in page.items])
    return render_template("accounts/people.html", page=page, seats=seats, q=name, roles=LABELS)


@accounts.route("/accounts/invite", methods=["GET", "POST"])
@opens_to(administrator)
def invite() -> str | Response:
    form = InviteForm.from_request(language="nl")
    programmes = db.session.scalars(sa.select(Programme).order_by(Programme.name)).all()
    fields.offer(form.programme, [(one.key, one.name) for one in programmes], _("No programme"))
    if form.accepted():
        answer = form.answer()
        person = administration.invite(
            email=answer.email, first_name=answer.first_name, last_name=answer.last_name, language=answer.language,
            role=Role(answer.role), programme=next((one for one in programmes if one.key == answer.programme), None),
        )  # fmt: skip
        return form.go(url_for(".person", key=person.key), _("A letter with a link is on its way."))
    return render_template("accounts/invite.html", form=form)


@accounts.get("/accounts/<key>")
@opens_to(administrator)
def person(key: str) -> str:
    found = queries.by_key(key)
    return render_template(
        "accounts/person.html", person=found, seats=queries.seats_of([found.id])[found.id], roles=LABELS
    )


@accounts.post("/accounts/<key>/seats/<int:number>/end")
@opens_to(administrator)
def end_seat(key: str, number: int) -> Response:
    membership = administration.seat_of(queries.by_key(key), number)
    if membership is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        administration.take_seat_away(membership)
        return press.go(url_for(".person", key=key), _("The role has ended."))
    return refusals.see_other(url_for(".person", key=key))


@accounts.post("/accounts/<key>/close")
@opens_to(administrator)
def close(key: str) -> Response:
    found, press = queries.by_key(key), Press.from_request()
    if press.accepted():
        administration.close(found)
        return press.go(url_for(".person", key=key), _("The account is closed."))
    return refusals.see_other(url_for(".person", key=key))


__all__ = ["account_views", "blueprints", "second_views", "step_views"]

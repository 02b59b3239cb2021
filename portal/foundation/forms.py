"""Forms ask; `answer()` hands over typed values in a frozen dataclass. What was typed is never lost.

    class VacancyForm(Form[VacancyAnswer]):
        answers = VacancyAnswer
        title = text(lazy("Title"), max=80)

A view then has four beats (house.md 9):

    form = VacancyForm.from_request()
    if form.accepted():
        vacancy = service.write(employer, form.answer())
        return form.go(url_for(".show", key=vacancy.key))
    return render_template("employers/vacancy_form.html", form=form)
"""

from dataclasses import fields as dataclass_fields
from typing import Any, ClassVar, Generic, Self, TypeVar

from flask import flash, request, session
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.foundation import crypto, once, refusals, rehearsing
from portal.foundation.database import db
from portal.foundation.words import lazy

A = TypeVar("A")
_MOST_KEPT = 60_000
_NOT_KEPT = {"csrf_token", "once", "password", "code", "secret", "challenge", "credential"}


class AlreadyDone(Exception):
    """This very form was sent before (a double click, a reload): go where the first sending led."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Form(FlaskForm, Generic[A]):
    """A page's question. `answers` is the frozen dataclass whose fields carry the same names as the form's."""

    answers: ClassVar[type[Any]]
    # Whether the letters that this form causes can be read before it is sent (foundation.rehearsing).
    rehearses: ClassVar[bool] = False
    once = HiddenField(default=crypto.token)

    class Meta:
        # Ask Flask-Babel for WTForms' own sentences, so that errors speak the reader's language.
        locales = ["nl", "fr", "en"]

        def get_translations(self, form: Any) -> Any:
            from portal.foundation.form_words import Sentences

            return Sentences()

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        """The form as sent, or a fresh one that starts with these values (or with what was kept when a session ended)."""
        if request.method == "POST":
            return cls(**start)
        kept = _kept_text()
        if kept is None:
            return cls(formdata=None, **start)
        form = cls(formdata=MultiDict((k, v) for k, values in kept.items() for v in values), **start)
        form.once.data = crypto.token()
        return form

    def accepted(self) -> bool:
        """Whether the form was sent, whole and for the first time. A refusal by a rule shows at its field."""
        if request.method != "POST":
            return False
        refused = refusals.take()
        if refused is not None:
            self.validate()
            self.refuse(refused.sentence, refused.field, refused.status)
            return False
        sent_before = once.led_to(self.once.data or "")
        if sent_before is not None:
            raise AlreadyDone(sent_before)
        if rehearsing.came_back(self):
            return False
        if self.validate():
            return True
        refusals.status(422)
        return False

    def refuse(self, sentence: Any, field: str | None = None, status: int = 422) -> None:
        """Show a sentence beside a field, or above the form."""
        refusals.status(status)
        target = self._fields.get(field or "")
        if target is None:
            self.form_errors.append(sentence)
        else:
            target.errors = [*target.errors, sentence]

    def answer(self) -> A:
        """What was answered, as typed values."""
        names = (f.name for f in dataclass_fields(self.answers))
        given: A = self.answers(**{name: _frozen(self._fields[name].data) for name in names})
        return given

    def go(self, url: str, message: Any = None) -> Response:
        """The last beat: keep the once-token, commit, and go to the page that shows what was done.

        Where the letters are to be read first: undo it all, and show them."""
        if rehearsing.wanted():
            return rehearsing.show(self)
        once.remember(self.once.data or crypto.token(), url)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            before = once.led_to(self.once.data or "")
            if before is None:
                raise
            raise AlreadyDone(before) from None
        session.pop("typed", None)
        if message is not None:
            flash(str(message), "good")
        return refusals.see_other(url)

    def tell(self, part: str) -> str:
        """The last beat where a script asked and nothing moves: commit what was written down, and answer a part of the page."""
        db.session.commit()
        return part


class Press(Form[None]):
    """One button: nothing is asked but whether it was pressed. It has no page of its own, so a refusal waits for the
    page that the view leads back to."""

    def refuse(self, sentence: Any, field: str | None = None, status: int = 422) -> None:
        flash(str(sentence), "bad")


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.strip() if isinstance(value, str) else value


def _kept_text() -> dict[str, list[str]] | None:
    token = session.get("typed")
    kept = once.typed(token, request.path) if token else None
    if kept is not None:
        flash(str(lazy("Your text was kept. Look it over and send it again.")), "good")
    return kept


def keep_what_was_typed() -> None:
    """For the guard: the sign-in ended while somebody typed. Passwords and tokens are not kept, nor more than a form holds."""
    kept = {name: values for name, values in request.form.lists() if name not in _NOT_KEPT}
    if kept and sum(len(name) + sum(map(len, values)) for name, values in kept.items()) <= _MOST_KEPT:
        session["typed"] = once.keep_typed(request.path, kept)

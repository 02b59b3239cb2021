"""What accounts give to the house: who a cookie belongs to, which pages links open, and who may still get letters."""

from flask import Flask

from portal.accounts import browsers, links, speaking, throttle
from portal.accounts.models import Person
from portal.foundation import jobs
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending, named

links.opens("password", "accounts.new_password")
links.opens("welcome", "accounts.welcome")
links.opens("confirm", "accounts.confirm")
links.opens("new-address", "accounts.confirm_address")
links.opens("keep-address", "accounts.keep_address")


def install(app: Flask) -> None:
    app.login_manager.user_loader(speaking.viewer_here)  # type: ignore[attr-defined]
    app.extensions["doorstart_keep_language"] = _keep_language


def _keep_language(person_id: int, code: str) -> None:
    db.session.get_one(Person, person_id).language = code


@check_before_sending("person:")
def _still_here(letter: Letter) -> bool:
    """Nobody whose account was closed gets a letter."""
    person = db.session.get(Person, int(letter.recipient_ref.partition(":")[2]))
    return person is not None and person.deactivated_at is None


@named("person")
def _name(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name


def _forget_tries() -> None:
    throttle.purge()
    browsers.forget_old()
    db.session.commit()


jobs.each_night["accounts.forget_tries"] = _forget_tries

"""Several people who press at the same moment, each in a browser and a thread of its own."""

from threading import Barrier, Thread
from typing import Any

from flask import Flask

from portal.accounts.models import Person
from portal.foundation.database import db
from tests.visitor import Visitor

# Who (nobody signed in: None), on which page, which button, and what is filled in.
Press = tuple[int | None, str, str, dict[str, str]]


def at_once(app: Flask, *presses: Press) -> list[int]:
    """All pages are open before the first button is pressed; the status of each answer."""
    start, said = Barrier(len(presses)), list[int]()

    def press(me: int | None, path: str, button: str, values: dict[str, Any]) -> None:
        with app.app_context():
            browser = Visitor(app)
            if me is not None:
                browser.become(db.session.get_one(Person, me))
            page = browser.open(path)
            start.wait()
            said.append(page.send(button, **values).status)
            db.session.remove()

    threads = [Thread(target=press, args=one) for one in presses]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.expire_all()
    return said

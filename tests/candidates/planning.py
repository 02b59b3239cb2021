"""What a process of its own does in the test of two who plan the same hour."""

from typing import Any

from portal import create_app
from portal.config import Settings
from portal.foundation.database import db
from tests.visitor import Visitor


def plan(settings: Settings, person_id: int, address: str, ready: Any, said: Any) -> None:
    """Open the page, wait until everybody has seen the same free hour, and press the button."""
    from portal.accounts.models import Person

    app = create_app(settings)
    with app.app_context():
        visitor = Visitor(app).become(db.session.get_one(Person, person_id))
        page = visitor.open(address)
        db.session.remove()
        ready.wait()
        answer = page.send("Plan this moment")
        said.put((answer.status, answer.text))
        db.session.remove()
        db.engine.dispose()

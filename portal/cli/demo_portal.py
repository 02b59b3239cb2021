"""A portal with the demo year, put together for one purpose: journeys in a browser, pictures, measurements."""

from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask

from portal import create_app
from portal.accounts import service
from portal.accounts.models import Factor, Person
from portal.cli import seed
from portal.config import Settings
from portal.foundation import schema
from portal.foundation.database import db


def build(instance: Path, **settings: Any) -> Flask:
    """A demo portal in this folder, migrated and filled; its keys are its own."""
    values = {
        "mode": "demo", "secret_key": "made for once " * 3, "index_key": "made for once " * 3,
        "encryption_keys": (Fernet.generate_key().decode(),), **settings,
    }  # fmt: skip
    app = create_app(Settings(instance=instance, **values))
    with app.app_context():
        flask_migrate.upgrade(directory=str(schema.MIGRATIONS))
        seed.once()
        db.session.remove()
    return app


def browser_of(app: Flask, email: str) -> Any:
    """A browser in which the first person with this in the address is signed in."""
    with app.app_context():
        found = sa.select(Person).where(Person.email.contains(email)).order_by(Person.id).limit(1)
        # Outside a demo the second step of a demo counts for nothing; this one was never asked for.
        factor = Factor.DEMO if app.extensions["doorstart"].demo else Factor.APP
        token = service.open_sign_in(db.session.scalars(found).one(), factor=factor)
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client

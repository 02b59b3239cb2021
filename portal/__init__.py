"""Doorstart. `create_app` assembles the rooms and decides nothing."""

import gc
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import ROOT, Settings, from_environment
from portal.foundation import access, crypto, jobs, logs, mailer, security
from portal.foundation.database import Base, db
from portal.foundation.kept import Templates
from portal.foundation.words import DEFAULT, babel, choose_language

ROOMS = (
    "foundation", "journal", "outbox", "organisations", "programmes", "accounts", "tasks", "competences", "agenda",
    "answers", "employers", "candidates", "trajectories", "showcase", "approaches", "interviews", "placements",
    "aftercare", "events", "ambassadors", "dashboard", "site", "cli",
)  # fmt: skip
# Besides its models, a room may show pages (views), register what it listens to (hooks) and add commands (commands).
_PARTS = ("models", "hooks", "views", "commands")


def create_app(settings: Settings | None = None) -> Flask:
    """The portal for one process. Raises UnsafeSettings when production would run with what an attacker can guess."""
    settings = settings or from_environment()
    app = Flask("portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"))
    app.static_folder = str(ROOT / "static")
    app.jinja_environment = Templates
    app.url_map.converters["int"] = access.RowNumber
    app.extensions["doorstart"] = settings
    _configure(app, settings)
    _extend(app, settings)
    for room in ROOMS:
        _furnish(app, room)
    access.open_package_files(app)
    forgotten = access.undeclared(app)
    if forgotten:
        raise RuntimeError(f"nobody said who may enter: {', '.join(forgotten)}")
    app.before_request(access.guard)
    if settings.proxies:
        # Throttling counts the reader's address, not that of the proxy in front; nobody else is believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    if settings.mode != "test":
        settle()
    return app


def settle() -> None:
    """A process that serves: what stands now stays, so the search for garbage leaves it alone, and comes once per several
    pages instead of several times in each (a page makes some thousands of objects, and drops them all)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.mode == "test",
        DEBUG=settings.debug,
        SQLALCHEMY_DATABASE_URI=settings.database,
        # A failed statement is told without its values: they hold people's data.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": settings.database.startswith("postgres"), "hide_parameters": True},
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        # Referrer-Policy is no-referrer, so there is no Referer to compare; the token itself is bound to the session.
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE=DEFAULT,
        BABEL_DEFAULT_TIMEZONE="Europe/Brussels",
        BABEL_TRANSLATION_DIRECTORIES=";".join(str(ROOT / "portal" / room / "translations") for room in ROOMS),
        TRUSTED_HOSTS=list(settings.hosts) or None,
        **security.cookies(settings),
        **mailer.settings_for(settings),
        **settings.extra,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _extend(app: Flask, settings: Settings) -> None:
    crypto.use(settings.encryption_keys, settings.index_key)
    settings.instance.mkdir(parents=True, exist_ok=True)
    logs.set_up(settings)
    logs.one_line_a_request(app)
    security.protect(app, settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    babel.init_app(app, locale_selector=choose_language)
    mailer.mail.init_app(app)
    Bootstrap5(app)
    # Signing in is read before CSRF: a form sent after the sign-in ended keeps what was typed.
    manager = LoginManager(app)
    manager.anonymous_user = lambda: access.NOBODY
    CSRFProtect(app)
    jobs.set_up(app, settings)


def _furnish(app: Flask, room: str) -> None:
    for part in _PARTS:
        name = f"portal.{room}.{part}"
        if find_spec(name) is None:
            continue
        module: Any = import_module(name)
        for blueprint in getattr(module, "blueprints", ()):
            app.register_blueprint(blueprint)
        if part in {"hooks", "commands"} and hasattr(module, "install"):
            module.install(app)


__all__ = ["Base", "create_app"]

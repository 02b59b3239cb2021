"""Headers on every answer, errors included: privacy.md, Application security."""

import secrets

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal.config import Settings

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)
# A letter's preview stands in a frame of its own, in which nothing runs and nothing is fetched.
LETTER_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def csp_nonce() -> str:
    """The word that a page's own scripts carry, new for every answer."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def protect(app: Flask, settings: Settings) -> None:
    app.session_interface = Sessions()

    @app.after_request
    def headers(response: Response) -> Response:
        give = response.headers.setdefault
        give("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
        give("X-Content-Type-Options", "nosniff")
        give("Referrer-Policy", "no-referrer")
        give("Cross-Origin-Opener-Policy", "same-origin")
        give("Cross-Origin-Resource-Policy", "same-origin")
        give("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        if settings.secure:
            give("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        if request.endpoint is None or not (request.endpoint == "static" or request.endpoint.endswith(".static")):
            give("Cache-Control", "no-store")
        return response


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, whose signer is made once per process and not twice a page."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        kept = app.extensions.get("doorstart_signer")
        if kept is None:
            kept = app.extensions["doorstart_signer"] = super().get_signing_serializer(app)
        return kept


def cookies(settings: Settings) -> dict[str, object]:
    """The session cookie's attributes; only plain http in a demo goes without Secure and the __Host- name."""
    return {
        "SESSION_COOKIE_NAME": "__Host-doorstart" if settings.secure else "doorstart",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }

"""The mail server's door: one Flask-Mail, set from the settings."""

from flask_mail import Mail

from portal.config import Settings

mail = Mail()


def settings_for(settings: Settings) -> dict[str, object]:
    return {
        "MAIL_SERVER": settings.mail_server or "localhost",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_user or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_tls,
        "MAIL_DEFAULT_SENDER": ("Doorstart", settings.mail_from),
        "MAIL_SUPPRESS_SEND": False,
    }

"""The mail server's door: one Flask-Mail, set from the settings, that waits for no answer without end."""

import smtplib
from contextlib import suppress
from email.charset import BASE64, Charset
from email.mime.text import MIMEText
from types import TracebackType

from flask import current_app
from flask_mail import Connection, Mail, Message

from portal.config import Settings

# A letter takes at most a dozen answers of the server, so that this many seconds for each stay within a letter's lease.
ANSWER_WITHIN = 20.0


class _Door(Connection):
    def configure_host(self) -> smtplib.SMTP:
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=current_app.config["MAIL_ANSWER_WITHIN"])
        if self.mail.use_tls:
            host.starttls()
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def __exit__(
        self, exc_type: type[BaseException], exc_value: BaseException, tb: TracebackType
    ) -> None:  # fmt: skip
        """Take leave. A letter that was accepted has left, however the server says goodbye."""
        if self.host is not None:
            with suppress(OSError):
                self.host.quit()
            self.host.close()


# Texts travel in base64: no server on the way folds their lines anew, and every mail program opens the calendar in them.
_UNFOLDED = Charset("utf-8")
_UNFOLDED.body_encoding = BASE64


class Post(Message):
    """A message to one reader."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        return MIMEText(text or "", subtype, _UNFOLDED)  # type: ignore[arg-type]


class _PatientMail(Mail):
    def connect(self) -> Connection:
        return _Door(current_app.extensions["mail"])


mail = _PatientMail()


def settings_for(settings: Settings) -> dict[str, object]:
    return {
        "MAIL_SERVER": settings.mail_server or "localhost",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_user or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_tls,
        "MAIL_DEFAULT_SENDER": ("Doorstart", settings.mail_from),
        "MAIL_SUPPRESS_SEND": False,
        "MAIL_ANSWER_WITHIN": ANSWER_WITHIN,
    }

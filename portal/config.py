"""Every setting of the portal, read once from the environment.

A production process refuses to start with a default secret, in debug, or without a list of the hosts that it
answers to (docs/operations.md lists each variable).
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


class UnsafeSettings(RuntimeError):
    """The environment would start a portal that cannot be trusted."""


@dataclass(frozen=True)
class Settings:
    """What a process knows before it starts. Mode is one of demo, production, test."""

    mode: str = "demo"
    instance: Path = ROOT / "instance"
    database_url: str = ""
    queue_url: str = ""
    uploads_url: str = ""
    secret_key: str = ""
    encryption_keys: tuple[str, ...] = ()
    index_key: str = ""
    hosts: tuple[str, ...] = ()
    public_url: str = "http://localhost:8000"
    proxies: int = 0
    mail_server: str = ""
    mail_port: int = 25
    mail_user: str = ""
    mail_password: str = ""
    mail_tls: bool = False
    mail_from: str = "doorstart@localhost"
    debug: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def demo(self) -> bool:
        """Demo mode shows the demo sign-in, the mailbox, and nothing of it exists outside."""
        return self.mode == "demo"

    @property
    def secure(self) -> bool:
        """Cookies carry Secure and __Host- wherever the portal is served over https."""
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance / 'doorstart.db'}"

    @property
    def queue(self) -> str:
        return self.queue_url or f"sqlite:///{self.instance / 'queue.db'}"


def _kept_secret(instance: Path, name: str, make: str) -> str:
    """A secret of the embedded set-up: made once, kept beside the database with owner-only rights."""
    path = instance / name
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(make)
    return path.read_text().strip()


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Raises UnsafeSettings for a production environment that lacks a secret, keys or hosts, or that asks for debug.
    """
    env = os.environ if environ is None else environ
    mode = env.get("DOORSTART_MODE", "demo")
    instance = Path(env.get("DOORSTART_INSTANCE", str(ROOT / "instance")))
    secret, keys, index = (
        env.get("SECRET_KEY", ""),
        _words(env.get("ENCRYPTION_KEYS", "")),
        env.get("INDEX_KEY", ""),
    )
    if mode == "demo":
        secret = secret or _kept_secret(instance, "secret.key", secrets.token_urlsafe(48))
        keys = keys or (_kept_secret(instance, "encryption.key", Fernet.generate_key().decode()),)
        index = index or _kept_secret(instance, "index.key", secrets.token_urlsafe(48))
    settings = Settings(
        mode=mode,
        instance=instance,
        database_url=env.get("DATABASE_URL", ""),
        queue_url=env.get("QUEUE_URL", ""),
        uploads_url=env.get("UPLOADS_URL", ""),
        secret_key=secret,
        encryption_keys=keys,
        index_key=index,
        hosts=_words(env.get("HOSTS", "")),
        public_url=env.get("PUBLIC_URL", f"http://localhost:{env.get('PORT', '8000')}").rstrip("/"),
        proxies=int(env.get("PROXIES", "0")),
        mail_server=env.get("MAIL_SERVER", ""),
        mail_port=int(env.get("MAIL_PORT", "25")),
        mail_user=env.get("MAIL_USER", ""),
        mail_password=env.get("MAIL_PASSWORD", ""),
        mail_tls=env.get("MAIL_TLS", "") == "1",
        mail_from=env.get("MAIL_FROM", "doorstart@localhost"),
        debug=env.get("FLASK_DEBUG", "") == "1",
    )
    refuse_unsafe(settings)
    return settings


def refuse_unsafe(settings: Settings) -> None:
    """Raise UnsafeSettings when production would run with what an attacker can guess."""
    if settings.mode not in {"demo", "production", "test"}:
        raise UnsafeSettings("DOORSTART_MODE is demo, production or test")
    if settings.mode != "production":
        return
    wanted = {
        "SECRET_KEY (32 characters or more)": len(settings.secret_key) >= 32,
        "ENCRYPTION_KEYS": bool(settings.encryption_keys),
        "INDEX_KEY (32 characters or more)": len(settings.index_key) >= 32,
        "HOSTS": bool(settings.hosts),
        "MAIL_SERVER": bool(settings.mail_server),
        "PUBLIC_URL with https": settings.secure,
        "FLASK_DEBUG unset": not settings.debug,
    }
    missing = [name for name, there in wanted.items() if not there]
    if missing:
        raise UnsafeSettings("production needs: " + ", ".join(missing))

"""A calendar server of our own on this machine, with a real certificate: what it says, how slowly, and where it leads to."""

import datetime
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.agenda.fetching import Fetcher, is_public, look_up

NAME = "calendar.example.org"
Say = Callable[[BaseHTTPRequestHandler], None]


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2060))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "calendar.pem"
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(kept + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Server:
    """Answers each path as the test says; remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.says: dict[str, Say] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.certificate = _certificate(folder)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                try:
                    outer.says[self.path](self)
                except (OSError, ssl.SSLError):
                    self.close_connection = True

            def log_message(self, *_given: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_given: Any) -> None:
                """A visitor that hangs up is what these tests are about."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.http.server_port

    def url(self, path: str, host: str = NAME) -> str:
        return f"https://{host}:{self.port}{path}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def fetcher(self, **other: Any) -> Fetcher:
        """One that finds this server by its name: the loopback is allowed on this port alone, here and nowhere else."""
        given: dict[str, Any] = {
            "resolve": lambda host, port: ["127.0.0.1"] if host == NAME else look_up(host, port),
            "allowed": lambda number, port: (number, port) == ("127.0.0.1", self.port) or is_public(number, port),
            "trust": self.trust,
        }
        return Fetcher(**{**given, **other})

    def gives(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        def say(to: BaseHTTPRequestHandler) -> None:
            to.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                to.send_header(name.replace("_", "-"), value)
            to.end_headers()
            to.wfile.write(body)

        self.says[path] = say


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()

"""A mail server for one connection, which stops to be asked before and after each step of SMTP (RFC 5321)."""

import re
import socket
from collections.abc import Callable
from typing import BinaryIO

_VERBS = {b"EHLO": "EHLO", b"MAIL": "MAIL FROM", b"RCPT": "RCPT TO", b"DATA": "DATA", b"QUIT": "QUIT"}
_ANSWERS = {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}
_GREETING = ("connected, before the greeting", "after the greeting")
_TEXT = (
    "half of the letter read",
    "all of the letter read, not accepted",
    "letter accepted, before the 250",
    "after the 250",
)


def _before(step: str) -> str:
    return f"{step} read, before its answer"


def _after(step: str) -> str:
    return f"{step} answered"


# In the order in which a letter meets them: the QUIT comes after the letter.
AT_SMTP = (
    *_GREETING,
    *(at(step) for step in list(_VERBS.values())[:4] for at in (_before, _after)),
    *_TEXT,
    *(at("QUIT") for at in (_before, _after)),
)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^@>]+)@", re.IGNORECASE | re.MULTILINE)


def take_mail(connection: socket.socket, at: Callable[[str], None], accept: Callable[[str], None]) -> None:
    """Speak with one client until it leaves or is gone. `at` hears every boundary; `accept` each letter that is ours now."""
    connection.settimeout(30)
    with connection.makefile("rb") as lines:
        at(_GREETING[0])
        connection.sendall(b"220 drill\r\n")
        at(_GREETING[1])
        for line in lines:
            step = _VERBS.get(line[:4].upper(), "")
            at(_before(step))
            connection.sendall(_ANSWERS.get(step, b"250 ok\r\n"))
            at(_after(step))
            if step == "QUIT":
                return
            if step == "DATA" and not _take_letter(connection, lines, at, accept):
                return


def _take_letter(
    connection: socket.socket, lines: BinaryIO, at: Callable[[str], None], accept: Callable[[str], None]
) -> bool:
    """False when the client was gone before the end of its letter."""
    text = lines.readline()
    at(_TEXT[0])
    for line in lines:
        if line == b".\r\n":
            break
        text += line
    else:
        return False
    at(_TEXT[1])
    found = _MESSAGE_ID.search(text)
    accept(found.group(1).decode() if found else "")
    at(_TEXT[2])
    connection.sendall(b"250 ours now\r\n")
    at(_TEXT[3])
    return True

"""Who hosts the portal. The foundation knows no organisation: a later room says where the name is read."""

from collections.abc import Callable

from flask import Flask, current_app

_READ = "doorstart_operator"


def named_by(app: Flask, read: Callable[[], str]) -> None:
    """From now on the name is what `read` gives."""
    app.extensions[_READ] = read


def operator_name() -> str:
    """The organisation that runs the portal, as pages, letters and papers name it."""
    read: Callable[[], str] = current_app.extensions[_READ]
    return read()

"""The room's commands."""

from flask import Flask

from portal.candidates import renewing


def install(app: Flask) -> None:
    renewing.install(app)

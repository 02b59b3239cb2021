"""Every command of the portal, bound to `flask --app portal …`."""

from flask import Flask

from portal.cli import messages, running


def install(app: Flask) -> None:
    app.cli.add_command(messages.group)
    for command in running.COMMANDS:
        app.cli.add_command(command)

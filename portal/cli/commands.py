"""Every command of the portal, bound to `flask --app portal …`."""

from flask import Flask

from portal.cli import bench, bench_register, importing, messages, rotation, running, seed
from portal.cli.drill import command as drill
from portal.cli.install import install_portal


def install(app: Flask) -> None:
    app.cli.add_command(messages.group)
    for command in running.COMMANDS:
        app.cli.add_command(command)
    for command in (
        seed.seed,
        install_portal,
        importing.commands(),
        rotation.rotate_keys,
        bench.bench,
        bench_register.bench_register,
        drill.group,
    ):
        app.cli.add_command(command)

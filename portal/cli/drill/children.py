"""The drill's own processes: forked from one that has the portal ready, watched, and ended whatever happens."""

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

# Forked, since building a portal costs more than what most of a drill's processes do in their life.
own = multiprocessing.get_context("fork")


@contextmanager
def lanes(act: Callable[..., None], each: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    """One process for each of these arguments. All of them are dead at the end, at Ctrl-C too."""
    sys.stdout.flush()
    processes = [own.Process(target=_alone, args=(act, *arguments), daemon=False) for arguments in each]
    try:
        for process in processes:
            process.start()
        yield processes
    finally:
        for process in processes:
            if process.pid is None:
                continue
            if process.is_alive():
                process.kill()
            process.join()


def _alone(act: Callable[..., None], *arguments: Any) -> None:
    """Ctrl-C is the parent's: it ends its children."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    act(*arguments)


def watch(processes: Sequence[Any], done: Sequence[int], wanted: int, what: str, until: float) -> bool:
    """Say how far they are until they are through; False when the time is up and they do not stop by themselves."""
    said, until = 0.0, until + 30
    while any(process.is_alive() for process in processes):
        if time.monotonic() > until:
            return False
        if time.monotonic() - said > 5:
            said = time.monotonic()
            click.echo(f"{sum(done)} of {wanted} {what}", err=True)
        time.sleep(0.05)
    click.echo(f"{sum(done)} of {wanted} {what}", err=True)
    return True

"""Processes of a test's own. They are forked from one small process that has imported every room and done nothing
else, since that import costs more than all that most of them do."""

import multiprocessing
from importlib import import_module
from importlib.util import find_spec

from sqlalchemy.orm import configure_mappers

from portal import _PARTS, ROOMS

own = multiprocessing.get_context("forkserver")
own.set_forkserver_preload([__name__])

for _room in ROOMS:
    for _part in _PARTS:
        if find_spec(f"portal.{_room}.{_part}"):
            import_module(f"portal.{_room}.{_part}")
configure_mappers()

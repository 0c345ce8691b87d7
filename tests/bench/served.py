"""The application as it is served, on the database that is measured."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.installation import started
from tracker.models import Token, User

PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG")


@dataclass
class Served:
    """The application, and one connection to it that is kept."""

    browser: HTTPConnection
    headers: dict[str, str]
    folder: str
    """Where it keeps its files, which tells its processes from others."""

    def get(self, address: str) -> bytes:
        """The page at `address`."""
        self.browser.request("GET", address, headers=self.headers)
        response = self.browser.getresponse()
        page = response.read()
        assert response.status == 200, f"{address}: {response.status}"
        return page

    def clock(self) -> Callable[[], float] | None:
        """What gives the processor time, in seconds, that its processes and those of the database have taken.

        Other work on the machine does not add to it. None where the system does not count it.
        """
        own = f"VAR_DIR={self.folder}\0".encode()
        workers = [
            int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if own in _read(path)
        ]

        def spent() -> float:
            # A thread may have begun meanwhile, with a connection of its own.
            threads = (
                path
                for pid in [*workers, *_backends()]
                for path in Path(f"/proc/{pid}/task").glob("*/schedstat")
            )
            return sum(int((_read(path).split() or [0])[0]) for path in threads) / 1e9

        return spent if spent() else None


@contextmanager
def served(user: User) -> Iterator[Served]:
    """Serve until the block ends, and read as `user`."""
    token, secret = Token.make(user, "bench")
    with (
        tempfile.TemporaryDirectory(prefix="tracker-served-") as folder,
        started(_environment(folder), quiet=False) as printed,
    ):
        browser = HTTPConnection(urlsplit(printed["URL"]).netloc)
        yield Served(browser, {"Authorization": f"Bearer {secret}"}, folder)
        browser.close()
    token.delete()


def _backends() -> list[int]:
    """The processes of the database that serve others."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended, or is another user's
        return b""


def _environment(folder: str) -> dict[str, str]:
    given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    given |= {"VAR_DIR": folder, "PORT": "0"}
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return given | {"SQLITE_PATH": name}
    return given | {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()}

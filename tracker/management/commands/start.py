"""Starts the whole application: what `make run` calls."""

import contextlib
import errno
import fcntl
import socket

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection, connections

from tracker.accounts.first_accounts import first_accounts
from tracker.backup.served import served
from tracker.models import Process
from tracker.monitoring import metrics
from tracker.serving import Server

# Any number that nothing else locks in the same database.
LOCK = 20250218


class Command(BaseCommand):
    help = (
        "Prepares the database, loads the worked example into an empty one, and serves (BIND_ADDRESS, PORT)."
    )

    def handle(self, **options):
        # The port is taken first: a second start stops here, before it touches anything.
        listener = listen(settings.PORT)
        with served():
            try:
                with alone():
                    lines = self.prepare()
            except KeyboardInterrupt:
                raise CommandError(
                    "Stopped before serving; the next start carries on.", returncode=130
                ) from None
            except OperationalError as error:
                raise CommandError(f"The database does not answer: {error}".strip()) from error
            metrics.begin()
            Server(listener, [f"URL: http://{host()}:{listener.getsockname()[1]}/", *lines]).run()

    def prepare(self):
        """Bring database and static files up to date; return the lines that tell the first accounts."""
        print("Preparing the database", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
        lines = first_accounts(settings.VAR_DIR / "accounts.txt")
        if not Process.objects.exists():
            print("Loading the worked example", flush=True)
            call_command("load_example")
        call_command("clearsessions")
        call_command("collectstatic", verbosity=0, interactive=False)
        return lines


@contextlib.contextmanager
def alone():
    """Wait while another start prepares the same database, and let others wait until the block ends."""
    with (settings.VAR_DIR / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor == "postgresql":
            # Another machine may prepare it too.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        # The server's processes must not share what this one has open; and with it the lock goes.
        connections.close_all()


def host():
    """BIND_ADDRESS as it stands in an address of the web."""
    return f"[{settings.BIND_ADDRESS}]" if ":" in settings.BIND_ADDRESS else settings.BIND_ADDRESS


def listen(port):
    """A socket that listens on `port` of BIND_ADDRESS, any free one for 0; raises CommandError where it cannot."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.BIND_ADDRESS else socket.AF_INET)
    # Without it, the port of a server just stopped could not be had for a minute.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.BIND_ADDRESS, port))
        listener.listen(128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is in use; choose another: PORT={port + 1} make run") from error
        raise CommandError(f"Port {port} cannot be used: {error.strerror}") from error
    return listener

"""Starts the whole application: what `make run` calls."""

import errno
import os
import socket
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections

from tracker.accounts import first_accounts
from tracker.models import Process

HOST = "127.0.0.1"
# Where a worker shows that it lives: on a disk, a slow write would pass for its death.
IN_MEMORY = "/dev/shm"


class Command(BaseCommand):
    help = (
        "Prepares the database, loads the worked example into an empty one, and serves on 127.0.0.1 (PORT)."
    )

    def handle(self, **options):
        # The port is taken first: a second start stops here, before it touches anything.
        listener = listen(settings.PORT)
        try:
            lines = self.prepare()
        except KeyboardInterrupt:
            raise CommandError("Stopped before serving; the next start carries on.", returncode=130) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from error
        self.stdout.write(f"URL: http://{HOST}:{listener.getsockname()[1]}/")
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()
        connections.close_all()
        serve(listener)

    def prepare(self):
        """Bring database and static files up to date; return the lines that tell the first accounts."""
        self.stdout.write("Preparing the database")
        self.stdout.flush()
        call_command("migrate", verbosity=0, interactive=False)
        lines = first_accounts(settings.VAR_DIR / "accounts.txt")
        if not Process.objects.exists():
            self.stdout.write("Loading the worked example")
            self.stdout.flush()
            call_command("load_example")
        call_command("collectstatic", verbosity=0, interactive=False)
        return lines


def listen(port):
    """A socket that listens on `port` of HOST, any free one for 0; raises CommandError where it cannot."""
    listener = socket.socket()
    # Without it, the port of a server just stopped could not be had for a minute.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is in use; choose another: PORT={port + 1} make run") from error
        raise CommandError(f"Port {port} cannot be used: {error.strerror}") from error
    return listener


def serve(listener):
    """Become the web server, which answers on `listener`."""
    listener.set_inheritable(True)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "tracker.wsgi",
        f"--bind=fd://{listener.fileno()}",
        "--preload",
    ]
    command += ["--workers=2", "--threads=4", "--worker-class=gthread", "--graceful-timeout=5"]
    command += ["--log-level=error", "--no-control-socket"]
    if os.access(IN_MEMORY, os.W_OK):
        command.append(f"--worker-tmp-dir={IN_MEMORY}")
    os.execv(sys.executable, command)

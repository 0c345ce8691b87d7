"""The server: gunicorn keeps the processes, and in each of them waitress answers.

Waitress reads requests and sends answers outside its threads, so that no thread waits for a slow client.
"""

import os
import signal
import socket
import time
from copy import copy
from importlib import import_module

from django.conf import settings
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from tracker.files.importing.interrupted import go_on
from tracker.files.prepared import remove_expired
from tracker.jobs import queue
from tracker.jobs.background import watch
from tracker.middleware import PROBES, UPLOADS

# Where a worker shows that it lives: on a disk, a slow write would pass for its death.
IN_MEMORY = "/dev/shm"
LARGEST_ANSWER = 16 * 1024**3
"""Bytes of an answer that wait, in a file, for a slow client; beyond it a thread would wait too."""
FILES = (".csv", ".json", ".xlsx", ".zip", ".ics", ".atom")
FILE_THREADS = 2
"""Threads of each process that write nothing but FILES, which take long: pages never wait for them."""
PROBE_THREADS = 2
"""Threads of each process that answer PROBES alone, also while every page waits for something."""
STOPS_WITHIN = 15
"""Seconds that requests under way have to end when the server stops."""


class Server(BaseApplication):
    """The server on the listening socket `listener`; prints `lines` once it answers."""

    def __init__(self, listener: socket.socket, lines: list[str]):
        self.listener, self.lines = listener, lines
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"fd://{self.listener.detach()}")
        self.cfg.set("workers", settings.SERVER_PROCESSES)
        self.cfg.set("worker_class", BufferingWorker)
        self.cfg.set("threads", settings.SERVER_THREADS)
        self.cfg.set("preload_app", True)
        self.cfg.set("graceful_timeout", STOPS_WITHIN + 5)
        self.cfg.set("loglevel", "error")
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", self.begin)
        if os.access(IN_MEMORY, os.W_OK):
            self.cfg.set("worker_tmp_dir", IN_MEMORY)

    def begin(self, worker):
        """Begin the work of `worker`; the last of the first ones prints the lines."""
        # Ctrl-C reaches every process; the master tells its workers to stop, and told twice they may hang.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        watch(go_on, queue.begin, remove_expired)
        if worker.age == settings.SERVER_PROCESSES:
            print(*self.lines, sep="\n", flush=True)

    def load(self):
        # Its connections wait less long than those of commands, so it must not be loaded by any other.
        return import_module("tracker.wsgi").application


class RequestParser(HTTPRequestParser):
    """Takes no more than a form may have, except for files to import from a client that has a session."""

    def parse_header(self, header_plus):
        super().parse_header(header_plus)
        has_session = f"{settings.SESSION_COOKIE_NAME}=" in self.headers.get("COOKIE", "")
        if not has_session or self.path not in UPLOADS:
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


class Channel(HTTPChannel):
    """A connection of waitress whose requests RequestParser reads."""

    parser_class = RequestParser


def without_body_for_head(application):
    """`application`, whose answers to HEAD have no body: waitress would send it."""

    def answer(environ, start_response):
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


class BufferingWorker(Worker):
    """A process of gunicorn in which waitress answers."""

    def run(self):
        sockets: dict[int, wasyncore.dispatcher] = {}
        server = create_server(
            without_body_for_head(self.wsgi),
            map=sockets,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            asyncore_use_poll=True,
            # Django trusts the proxy's headers by settings of its own.
            clear_untrusted_proxy_headers=False,
            channel_timeout=settings.CLIENT_TIMEOUT,
            cleanup_interval=max(1, settings.CLIENT_TIMEOUT // 4),
            connection_limit=settings.CONNECTIONS,
            max_request_body_size=(settings.IMPORT_LIMIT_MB + 10) * 1024**2,
            outbuf_high_watermark=LARGEST_ANSWER,
            ident="tracker",
        )
        pages = server.task_dispatcher
        files, probes = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        files.set_thread_count(FILE_THREADS)
        probes.set_thread_count(PROBE_THREADS)

        def add_task(channel):
            # What could not be understood has no path.
            path = getattr(channel.requests[0], "path", "")
            threads = probes if path in PROBES else files if path.endswith(FILES) else pages
            threads.add_task(channel)

        server.add_task = add_task
        server.channel_class = Channel
        # A process whose master was killed would keep the port from the next one.
        while self.alive and os.getppid() == self.ppid:
            self.notify()
            wasyncore.poll2(1, sockets)
        self.end(server, sockets)
        for threads in (pages, files, probes):
            threads.shutdown(timeout=1)

    def end(self, server, sockets):
        """Take no more connections, and let the requests under way be answered, for at most STOPS_WITHIN seconds."""
        server.accepting = False
        server.del_channel()
        last = time.monotonic() + STOPS_WITHIN
        while time.monotonic() < last and any(
            channel.requests or channel.total_outbufs_len for channel in server.active_channels.values()
        ):
            self.notify()
            wasyncore.poll2(0.1, sockets)

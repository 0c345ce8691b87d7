"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = get_wsgi_application()

from tracker.hung_server import give_up_if_hung  # noqa: E402, needs the settings
from tracker.write_lock import wait_briefly  # noqa: E402, needs the settings

connection_created.connect(wait_briefly)
connection_created.connect(give_up_if_hung)

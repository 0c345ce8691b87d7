"""The last instant at which anything was recorded that a reader may see."""

import datetime as dt

from django.db.models import Subquery

from tracker.models import VERSIONS, Change, Claim, LastRecording, Process, Source, User
from tracker.recording.timestamps import BEFORE_ALL, last_instant


def last_readable(user: User) -> dt.datetime:
    """The last instant at which something was recorded that `user` may see; BEFORE_ALL if nothing was. One query.

    Every recording of a development updates the instant of its process, and every other write adds an audit entry; that
    of a source that is opened stays in its process.
    A later instant would say when somebody worked on a process that is hidden from `user`.
    """
    if not user.hidden_process_ids:
        return last_instant()
    processes = Process.objects.visible_to(user).filter(last_recorded_at__isnull=False)
    opened = VERSIONS[Source]._base_manager.exclude(process_id__in=user.hidden_process_ids)
    found = LastRecording.objects.values_list(
        Subquery(processes.order_by("-last_recorded_at").values("last_recorded_at")[:1]),
        Subquery(Change.objects.visible_to(user).order_by("-at", "-pk").values("at")[:1]),
        Subquery(opened.order_by("-version_key").values("known_from")[:1]),
        Subquery(Claim.objects.visible_to(user).order_by("-pk").values("recorded_at")[:1]),
    ).first()
    return max(filter(None, found or ()), default=BEFORE_ALL)

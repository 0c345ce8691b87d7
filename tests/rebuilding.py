"""Versions as they come about where a database has none, such as one of an earlier release."""

from tracker.models import VERSIONS
from tracker.recording.earlier_versions import begin_all


def rebuild_versions() -> None:
    """Forget the versions that were kept, and rebuild them from the audit trail and the developments."""
    for version in VERSIONS.values():
        version.objects.all().delete()
    begin_all()

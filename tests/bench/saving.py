"""What the versions of records add to a save, in time, rows and bytes, against the same save without them."""

from collections.abc import Callable, Iterator
from unittest.mock import patch

from django.db import connection, models, transaction

from tests.bench.timing import Line, side_by_side
from tracker import recording
from tracker.models import Citation, Development, Effect, FollowUp, Party, Source, User
from tracker.models.versions import VERSIONS
from tracker.models.vocabularies import FollowUpStatus, UserRole
from tracker.recording import timestamps


def measure() -> Iterator[Line]:
    """The lines about saves; all are taken back."""
    by, _ = User.objects.get_or_create(username="bench-saving", role=UserRole.ADMINISTRATOR)
    works = {
        "a party with another description": _edited(by),
        "a development that changes an item": _recorded(by),
    }
    for what, work in works.items():
        best = side_by_side({"with": _taken_back(work), "without": _taken_back(_without_versions(work))})
        against = "the same save without versions"
        yield Line(f"save of {what}", against, {}, best["with"], best["without"], _added(work))


def _edited(by: User) -> Callable[[], None]:
    party = Party.objects.order_by("pk").first()

    def edit():
        party.description += "."
        recording.save(by, party)

    return edit


def _recorded(by: User) -> Callable[[], None]:
    item = FollowUp.objects.order_by("pk").select_related("process").first()
    like = Development.objects.filter(effects__item=item, party__isnull=False).order_by("pk").first()
    source = Source.objects.order_by("pk").first()
    content = {name: getattr(like, name) for name in Development.CONTENT} | {"talk": None, "detail": ""}
    statuses = [FollowUpStatus.PROMISED, FollowUpStatus.DONE]

    def record():
        statuses.reverse()
        effect, citation = Effect(item=item, status=statuses[0]), Citation(source=source, quote="As said.")
        recording.record(by, Development(**content), [effect], [citation])

    return record


def _without_versions(work: Callable[[], None]) -> Callable[[], None]:
    def without():
        with patch.object(timestamps, "keep", lambda *_: None):
            work()

    return without


def _taken_back(work: Callable[[], object]) -> Callable[[], object]:
    def taken_back():
        with transaction.atomic():
            done = work()
            transaction.set_rollback(True)
        return done

    return taken_back


def _added(work: Callable[[], None]) -> str:
    """How many rows of versions `work` adds, with the bytes that a row of their tables takes, indexes included."""

    def count() -> dict[type[models.Model], int]:
        return {model: model.objects.count() for model in VERSIONS.values()}

    def added():
        before = count()
        work()
        return {model: number - before[model] for model, number in count().items()}

    rows = {model: number for model, number in _taken_back(added)().items() if number}
    size = sum(number * _bytes(model) for model, number in rows.items())
    return f"rows of versions: {sum(rows.values())}, with {size / 1000:.1f} kB"


def _bytes(model: type[models.Model]) -> float:
    """The bytes that a row of `model` takes on average, with its share of the indexes."""
    sizes = {
        "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = %s)",
        "postgresql": "SELECT pg_total_relation_size(%s::regclass)",
    }
    with connection.cursor() as cursor:
        cursor.execute(sizes[connection.vendor], [model._meta.db_table])
        return cursor.fetchone()[0] / model.objects.count()

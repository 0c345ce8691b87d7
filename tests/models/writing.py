"""What the tests of writing share: a development to record, and a refusal that must leave no trace."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.factories import PartyFactory
from tracker.models import Change, Citation, Development, Effect, Item, Process


def new(process, **content):
    """An unsaved development of `process` that breaks no rule but those that `content` breaks."""
    content = {
        "occurred_on": dt.date(2025, 2, 18),
        "kind": "report",
        "headline": "New",
        "basis": "paraphrase",
    } | content
    return Development(process=process, **{"party": PartyFactory()} | content)


def refused(message, action, *args, **options):
    """`action` is refused with `message`, and nothing is written."""
    refusal = refused_all(ValidationError, action, *args, **options)
    assert message in " ".join(refusal.messages)


def refused_all(error, action, *args, **options):
    """The `error` with which `action` is refused, nothing having been written."""
    rows = (Development, Effect, Citation, Item, Change)
    before = [model.objects.count() for model in rows] + [list(Process.objects.order_by("pk").values())]
    with pytest.raises(error) as refusal:
        action(*args, **options)
    after = [model.objects.count() for model in rows] + [list(Process.objects.order_by("pk").values())]
    assert after == before
    return refusal.value

"""The private texts that were replaced: kept aside, and read as they were at an instant."""

import datetime as dt

import pytest

from tests import factories as make
from tracker import recording
from tracker.models import EarlierText
from tracker.models.changes import digest

MOMENT = dt.timedelta(microseconds=1)


@pytest.mark.django_db
def test_a_text_is_held_until_the_very_instant_at_which_it_was_replaced():
    source = make.SourceFactory(text="as it was printed")
    source.text = "as it was corrected"
    recording.save(make.UserFactory(administrator=True), source)
    (earlier,) = EarlierText.objects.all()
    held = EarlierText.objects.held_at
    assert held(source.ref, "text", earlier.until - MOMENT).text == "as it was printed"
    assert held(source.ref, "text", earlier.until) is None


def test_a_digest_tells_the_length_alone_and_nothing_of_no_text():
    assert digest("") == ""
    told = digest("words")
    assert told.startswith("5 characters, SHA-256 ") and "words" not in told
    assert digest("w").startswith("1 character, ")
    assert digest(told) == told

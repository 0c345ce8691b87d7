"""What two rows of which one must give way say differently."""

import datetime as dt

import pytest

from tests import factories as make
from tracker.recording.references import unlike

pytestmark = pytest.mark.django_db


def test_it_is_what_both_say_each_otherwise():
    talk, source = make.TalkFactory(), make.SourceFactory()
    one = make.DelegationFactory(talk=talk, note="In the palace", source=source, quote="We host.")
    other = make.DelegationFactory(talk=talk, source=source, quote="We mediate.")
    assert unlike(one, other, "party") == ["quote"]
    assert unlike(one, one, "party") == []


def test_a_date_is_told_with_its_precision_alone_where_only_that_differs():
    person, held = make.PersonFactory(), {"held_from": dt.date(2025, 2, 1)}
    month = make.OfficeFactory(person=person, **held, held_from_precision="month")
    day = make.OfficeFactory(person=person, **held, held_from_precision="day")
    assert unlike(month, day, "title") == ["held_from_precision"]

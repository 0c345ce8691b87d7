"""Makes claims of a dataset for tests."""

import factory
from factory.django import DjangoModelFactory

from tests.factories import TalkFactory
from tracker.models import Claim
from tracker.recording.claims import add_claims


class ClaimFactory(DjangoModelFactory):
    """A claim of the dataset "FIELD" on a talk, or on another `record`."""

    class Meta:
        model = Claim

    dataset, release = "FIELD", "2025-03"
    upstream_id = factory.Sequence("row {}".format)
    row_hash = "0" * 64
    cells = factory.Dict({"name": "as it came"})
    record_type = "talk"
    record = factory.SubFactory(TalkFactory)

    @classmethod
    def _create(cls, model_class, *args, record, **values):
        made = model_class(*args, record_ref=record.ref, process=record.of_process, **values)
        add_claims([made])
        return made

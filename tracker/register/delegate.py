"""Delegates: who sat in a delegation."""

from functools import partial

from tracker.forms.talks import DelegateForm
from tracker.models import Delegate, Delegation, Party, Person, Process, Talk
from tracker.models.vocabularies import Capacity
from tracker.register.columns import WRITTEN, code, relation, text
from tracker.register.delegation import at_its_talk
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.register.types import Column, RecordType


class DelegateFilters(RecordFilters):
    """Filters of delegates."""

    process = ReferenceFilter(Process, "delegation__talk__process", "Process")
    talk = ReferenceFilter(Talk, "delegation__talk", "Talk")
    delegation = ReferenceFilter(Delegation, "delegation", "Delegation")
    party = ReferenceFilter(Party, "delegation__party", "Party")
    person = ReferenceFilter(Person, "person", "Person")
    capacity = CodeFilter(Capacity, "Capacity")


DELEGATE = RecordType(
    model=Delegate,
    url_name="delegate",
    path="delegates",
    columns=(
        Column("id", "Id", "ref"),
        *relation("person", "Person", listed=True, order=("person__name",)),
        code("capacity", "Capacity", Capacity, listed=True, order=("capacity",)),
        *relation("office", "Office that day", shown="title", listed=True),
        *relation(
            "talk",
            "Talk",
            path="delegation__talk",
            shown="title",
            listed=True,
            order=("delegation__talk__title",),
        ),
        *relation("party", "For", path="delegation__party", listed=True, order=("delegation__party__name",)),
        text("delegation_id", "Delegation: id", "delegation__ref"),
        *WRITTEN,
    ),
    filterset=DelegateFilters,
    sort="person",
    reading=partial(at_its_talk, talk="delegation__talk"),
    empty="People are recorded on the page of their delegation.",
    has_pages=False,
    form=DelegateForm,
    identity=("delegation", "person"),
    analysts_change=True,
)

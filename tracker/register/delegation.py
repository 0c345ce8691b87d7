"""Delegations: which party was at a talk, and in what roles."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.clocks import Clocks
from tracker.forms.talks import DelegationForm
from tracker.models import Delegation, Effect, Party, Process, Talk
from tracker.models.base import RecordQuerySet
from tracker.models.vocabularies import ItemKind, TableRole
from tracker.register.columns import WRITTEN, by_title, codes, many, relation, text
from tracker.register.filters import CodeListFilter, RecordFilters, ReferenceFilter, YesNoFilter
from tracker.register.types import Column, RecordType, SearchFields, Section


def at_its_talk(rows: RecordQuerySet, clocks: Clocks, talk: str = "talk") -> QuerySet:
    """Those of `rows`, delegations or what names its `talk`, whose talk had come up by `clocks`."""
    rows = rows.at(clocks)
    if clocks.on is None and clocks.public is None:
        return rows
    return rows.filter(Exists(Effect.objects.at(clocks).filter(item=OuterRef(talk))))


class DelegationFilters(RecordFilters):
    """Filters of delegations."""

    process = ReferenceFilter(Process, "talk__process", "Process")
    talk = ReferenceFilter(Talk, "talk", "Talk")
    party = ReferenceFilter(Party, "party", "Party")
    role = CodeListFilter(TableRole, "At the table")
    lacks_source = YesNoFilter("Unsourced", Q(source__isnull=True))


DELEGATION = RecordType(
    model=Delegation,
    url_name="delegation",
    path="delegations",
    columns=(
        Column("id", "Id", "ref"),
        *relation(
            "talk",
            "Talk",
            shown="title",
            listed=True,
            order=("talk__title",),
            indexed=by_title(ItemKind.TALK, "talk__"),
        ),
        *relation("party", "Party", listed=True, order=("party__name",)),
        codes("role", "At the table", TableRole, "role", listed=True, order=("role",)),
        *many("delegates", "People", shown="person__name", listed=True),
        text("note", "Note", listed=True, is_undated=True),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        *relation("process", "Process", path="talk__process", shown="title"),
        *WRITTEN,
    ),
    filterset=DelegationFilters,
    sort="talk",
    reading=at_its_talk,
    empty="Record who was at the table of a talk, and who was not.",
    sections=(Section("delegate", "delegation", "People"),),
    form=DelegationForm,
    identity=("talk", "party"),
    search=SearchFields(parties=("party",), along=("talk", "party")),
    admin_group="Processes and items",
    analysts_change=True,
)

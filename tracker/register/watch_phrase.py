"""Watch phrases: words whose reappearance would be significant."""

from tracker.forms.assessments import WatchPhraseForm
from tracker.models import Party, Person, Process, WatchPhrase
from tracker.register.columns import WRITTEN, many, own, process, text
from tracker.register.filters import RecordFilters, ReferenceFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class WatchPhraseFilters(RecordFilters):
    """Filters of watch phrases."""

    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "whose_parties", "Applies to party")
    person = ReferenceFilter(Person, "whose_people", "Applies to person")


WATCH_PHRASE = RecordType(
    model=WatchPhrase,
    url_name="watch-phrase",
    path="watch-phrases",
    columns=(
        *own("phrase", "Phrase"),
        Column("variants", "Variants", kind=Kind.NAMES, listed=True),
        text("why", "Why", listed=True, is_undated=True),
        *many("whose_parties", "Applies to parties", listed=True),
        *many("whose_people", "Applies to people", listed=True),
        *process(listed=True),
        *WRITTEN,
    ),
    filterset=WatchPhraseFilters,
    sort="phrase",
    empty="Record words whose return would mean something, and why.",
    form=WatchPhraseForm,
    identity=("process", "phrase"),
    search=SearchFields(parties=("whose_parties",)),
    admin_group="Processes and items",
    analysts_change=True,
)

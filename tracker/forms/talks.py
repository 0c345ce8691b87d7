"""Forms of talks and their delegations."""

from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory

from tracker.forms.base import PageMeta, PartForm, RecordForm
from tracker.forms.composite import MOST_ROWS, InlineParts
from tracker.forms.items import ItemForm
from tracker.forms.record_fields import RelationField, find_typed
from tracker.models import Delegate, Delegation, Talk


class TalkForm(ItemForm):
    """A meeting, call or round."""

    places = {"talk_follows_another": "predecessor"}

    class Meta(PageMeta):
        model = Talk
        fields = (
            "process", "title", "form", "level", "place", "host", "minutes", "length_phrase", "predecessor",
            "issues", "aliases", "note",
        )  # fmt: skip
        labels = {"minutes": "Duration (min)", "length_phrase": "Duration as reported"}

    def raised_in(self):
        """The talk itself: the development that raises it belongs to it."""
        return self.instance


class DelegateForm(PartForm):
    """A person in a delegation."""

    alike = (("person",),)
    # Whether a person is unique can only be checked for all rows together.
    judged_later = frozenset({"delegate_once"})

    class Meta(PageMeta):
        model = Delegate
        fields = ("person", "office", "capacity")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        person = self._person()
        office = self.fields["office"]
        if person is not None and isinstance(office, RelationField):
            office.queryset = office.queryset.filter(person=person)

    def _person(self):
        """The person of the row, if known before validation; limits the choice of offices."""
        field = self.fields["person"]
        text = self.data.get(self.add_prefix("person"), "")
        if not (isinstance(field, RelationField) and text):
            return None
        try:
            return find_typed(field.queryset, text)
        except ValidationError:
            return None


class Delegates(InlineParts):
    """The people of a delegation."""

    name, heading, noun = "delegates", "Members", "Person"


class DelegationForm(RecordForm):
    """One party's roles at one talk."""

    fixed = ("talk",)
    places = {"delegation_once_per_party_and_talk": "party"}
    parts = (
        inlineformset_factory(
            Delegation, Delegate, DelegateForm, Delegates, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS,
            can_delete=True,
        ),
    )  # fmt: skip

    class Meta(PageMeta):
        model = Delegation
        fields = ("talk", "party", "role", "note", "source", "quote")

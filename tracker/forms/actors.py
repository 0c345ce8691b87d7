"""Forms of parties, people and offices."""

from django.forms import inlineformset_factory

from tracker.forms.base import OnceNamedForm, PageMeta, PartForm, RecordForm
from tracker.forms.composite import MOST_ROWS, InlineParts
from tracker.forms.fields import ALIASES_HELP, NamesField, SpanField
from tracker.models import Office, Party, Person


class PartyForm(OnceNamedForm):
    """A party."""

    aliases = NamesField(help_text=ALIASES_HELP)
    places = {"party_iso_code_once": "iso_code"}

    class Meta(PageMeta):
        model = Party
        fields = ("name", "short_name", "kind", "iso_code", "aliases", "description")


class OfficeForm(PartForm):
    """An office that a person held."""

    alike = (("title",),)
    aliases = NamesField(help_text=ALIASES_HELP)
    held_from = SpanField(precision="held_from_precision", required=False)
    held_to = SpanField(precision="held_to_precision", required=False)
    places = {"office_ends_after_it_begins": "held_to"}

    class Meta(PageMeta):
        model = Office
        fields = ("title", "party", "organisation", "held_from", "held_to", "inferred", "aliases")


class Offices(InlineParts):
    """The offices of a person."""

    name, heading, noun = "offices", "Offices held", "Office"


class PersonForm(RecordForm):
    """A person."""

    aliases = NamesField(help_text=ALIASES_HELP)
    parts = (
        inlineformset_factory(
            Person,
            Office,
            OfficeForm,
            Offices,
            extra=1,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
            can_delete=True,
        ),
    )

    class Meta(PageMeta):
        model = Person
        fields = ("name", "party", "affiliation", "aliases", "description")

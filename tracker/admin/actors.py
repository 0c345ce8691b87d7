"""Admin of parties, people and offices."""

from tracker.admin.base import RecordAdmin
from tracker.admin.columns import dated
from tracker.admin.filters import VisibleFilter
from tracker.admin.merging import MergeAdmin
from tracker.admin.reading import PartInline
from tracker.admin.site import register
from tracker.forms.actors import OfficeForm, PartyForm, PersonForm
from tracker.models import Office, Party, Person


@register(Party)
class PartyAdmin(MergeAdmin, RecordAdmin):
    """States, alliances and all others that take positions."""

    form = PartyForm
    list_display = ("name", "short_name", "kind", "iso_code", "ref")
    list_filter = ("kind",)
    search_fields = ("name", "short_name", "iso_code", "aliases")
    fields = ("name", ("short_name", "iso_code"), "kind", "aliases", "description")


class OfficeInline(PartInline):
    """The offices that a person held."""

    model = Office
    form = OfficeForm
    fields = (("title", "organisation"), "party", ("held_from", "held_to", "inferred"), "aliases")


@register(Person)
class PersonAdmin(MergeAdmin, RecordAdmin):
    """Those who speak or sit in delegations, and experts who are quoted."""

    form = PersonForm
    list_display = ("name", "party", "affiliation", "ref")
    list_filter = (("party", VisibleFilter),)
    list_select_related = ("party",)
    search_fields = ("name", "affiliation", "aliases")
    fields = ("name", "aliases", "party", "affiliation", "description")
    inlines = (OfficeInline,)
    label_related = ("party",)

    def label(self, record):
        """The name, and whom the person speaks for."""
        whose = record.party or record.affiliation
        return f"{record.name} ({whose})" if whose else record.name


@register(Office)
class OfficeAdmin(MergeAdmin, RecordAdmin):
    """Offices by themselves: a delegation names one as it is entered."""

    form = OfficeForm
    list_display = (
        "title",
        "person",
        "party",
        dated("since", "from", "held_from"),
        dated("until", "to", "held_to"),
    )
    list_filter = (("party", VisibleFilter),)
    list_select_related = ("person", "party")
    search_fields = ("title", "organisation", "person__name")
    fields = ("person", "title", "aliases", "party", "organisation", ("held_from", "held_to"), "inferred")
    label_related = ("person",)

    def label(self, record):
        """The office, and who held it."""
        return f"{record.title}: {record.person}"

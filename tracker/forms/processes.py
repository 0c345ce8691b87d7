"""Forms of processes, process links and issues."""

from django.forms import inlineformset_factory

from tracker.forms.base import OnceNamedForm, PageMeta, PartForm, RecordForm
from tracker.forms.composite import MOST_ROWS, InlineParts
from tracker.forms.fields import ALIASES_HELP, NamesField
from tracker.models import Issue, Process, ProcessLink
from tracker.models.vocabularies import UserRole


class ProcessLinkForm(PartForm):
    """A link to another process."""

    alike = (("to_process",),)
    fixed = ("from_process", "to_process")
    places = {"process_link_to_another": "to_process"}

    class Meta(PageMeta):
        model = ProcessLink
        fields = ("kind", "to_process", "note", "source", "quote")


class ProcessLinks(InlineParts):
    """The links of a process."""

    name, heading, noun = "links", "Precedents and other processes", "Link"


class ProcessForm(RecordForm):
    """A negotiation."""

    parts = (
        inlineformset_factory(
            Process,
            ProcessLink,
            ProcessLinkForm,
            ProcessLinks,
            fk_name="from_process",
            extra=1,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
            can_delete=True,
        ),
    )

    class Meta(PageMeta):
        model = Process
        fields = ("title", "aim", "summary", "restricted", "members")

    def clean(self):
        """Keep users from removing their own access."""
        cleaned = super().clean()
        user = self.offers and self.offers.user
        shut = user and cleaned.get("restricted") and user not in cleaned.get("members", ())
        if shut and user.role != UserRole.ADMINISTRATOR:
            self.add_error("members", "You would shut yourself out: choose yourself too.")
        return cleaned


class IssueForm(OnceNamedForm):
    """A subject of positions."""

    aliases = NamesField(help_text=ALIASES_HELP)

    class Meta(PageMeta):
        model = Issue
        fields = ("name", "aliases", "description")

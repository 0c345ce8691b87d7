"""Base of the forms of the four kinds of item."""

from tracker.forms.base import RecordForm
from tracker.forms.fields import ALIASES_HELP, NamesField
from tracker.models import Development


class ItemForm(RecordForm):
    """The attributes of an item; its standing is only changed by developments."""

    aliases = NamesField(help_text=ALIASES_HELP)
    fixed = ("process",)

    def raised_in(self):
        """The talk in which a valid form's item was raised, or None."""
        return self.cleaned_data.get("talk")

    def headline(self, effect) -> str:
        """The default headline of the development that raises a valid form's item.

        It says that the item was raised, not that it came true. `effect` sets its initial standing.
        """
        title, words = self.instance.title, self.raised_as(effect)
        return f"{words}: {title}"[: Development._meta.get_field("headline").max_length] if words else title

    def raised_as(self, effect) -> str:
        """The label of the item's initial state, for the headline."""
        return effect.status_label

    def raised_by(self):
        """The party that raised a valid form's item, if the item determines it, or None."""
        return None

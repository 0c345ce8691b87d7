"""Base of the forms of the four kinds of item."""

from tracker.forms.base import RecordForm
from tracker.models import Development


class ItemForm(RecordForm):
    """An item's own attributes; how it stands follows from developments alone."""

    fixed = ("process",)

    def raised_in(self):
        """The talk in which a valid form's item was raised, or None."""
        return self.cleaned_data.get("talk")

    def headline(self, effect) -> str:
        """What is said of a valid form's item where nobody found words: that it was raised, not that it came true.

        `effect`: how it stands from then on.
        """
        title, words = self.instance.title, self.raised_as(effect)
        return f"{words}: {title}"[: Development._meta.get_field("headline").max_length] if words else title

    def raised_as(self, effect) -> str:
        """In a word, as what the item was raised."""
        return effect.status_label

    def raised_by(self):
        """The party that raised a valid form's item, as far as the item itself tells, or None."""
        return None

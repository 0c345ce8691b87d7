"""What the forms of the four kinds of item share."""

from tracker.forms.base import RecordForm


class ItemForm(RecordForm):
    """An item's own attributes; how it stands follows from developments alone."""

    fixed = ("process",)

    def raised_in(self):
        """The talk in which a valid form's item was raised, or None."""
        return self.cleaned_data.get("talk")

    def raised_by(self):
        """The party that raised a valid form's item, as far as the item itself tells, or None."""
        return None

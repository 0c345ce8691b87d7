"""Forms of principles and demands."""

from tracker.forms.base import PageMeta
from tracker.forms.items import ItemForm
from tracker.models import Demand, Principle


class PrincipleForm(ItemForm):
    """A point claimed to have been agreed."""

    class Meta(PageMeta):
        model = Principle
        fields = ("process", "title", "parties", "talk", "number", "issues", "aliases", "note")


class DemandForm(ItemForm):
    """A demand of one party on others."""

    class Meta(PageMeta):
        model = Demand
        fields = ("process", "title", "kind", "party", "addressed_to", "talk", "issues", "aliases", "note")

    def raised_as(self, effect):
        """The label of its type, which says more than "open"."""
        return self.instance.get_kind_display()

    def raised_by(self):
        """The demanding party."""
        return self.cleaned_data.get("party")

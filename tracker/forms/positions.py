"""Forms of principles and demands."""

from tracker.forms.base import PageMeta
from tracker.forms.items import ItemForm
from tracker.models import Demand, Principle


class PrincipleForm(ItemForm):
    """A point that somebody says was agreed."""

    class Meta(PageMeta):
        model = Principle
        fields = ("process", "title", "parties", "talk", "number", "issues", "note")


class DemandForm(ItemForm):
    """What one party wants of others."""

    class Meta(PageMeta):
        model = Demand
        fields = ("process", "title", "kind", "party", "addressed_to", "talk", "issues", "note")
        labels = PageMeta.labels | {"party": "Made by"}

    def raised_as(self, effect):
        """Its kind: that it is open says nothing of it."""
        return self.instance.get_kind_display()

    def raised_by(self):
        """The party that demands."""
        return self.cleaned_data.get("party")

"""Forms of follow-ups."""

from tracker.forms.base import PageMeta
from tracker.forms.items import ItemForm
from tracker.models import FollowUp


class FollowUpForm(ItemForm):
    """Something promised or expected next."""

    places = {
        "appointment_names_its_office": "office",
        "only_an_appointment_has_an_office": "office",
        "follow_up_waits_for_another": "waits_for",
    }

    class Meta(PageMeta):
        model = FollowUp
        fields = (
            "process", "title", "kind", "office", "person", "owner", "promised_to", "talk", "waits_for",
            "waits_for_phrase", "issues", "aliases", "note",
        )  # fmt: skip

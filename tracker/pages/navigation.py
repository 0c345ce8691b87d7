"""What every page shows whoever renders it: the menu, and the reader's role in words."""

from django.urls import reverse
from django.utils.text import capfirst

from tracker.register import RECORD_TYPES

MENU = [(capfirst(record_type.label_plural), f"{record_type.url_name}:list") for record_type in RECORD_TYPES]
MENU.insert(1, ("Timeline", "timeline"))
MENU.append(("Codebook", "codebook"))


def navigation(request) -> dict:
    """The menu, with the entry that the page belongs to marked, and `role_label`; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entries = [{"label": label, "url": reverse(name)} for label, name in MENU]
    for entry in entries:
        entry["current"] = request.path.startswith(entry["url"])
    return {"menu": entries, "role_label": user.get_role_display()}

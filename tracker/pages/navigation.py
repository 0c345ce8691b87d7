"""What every page shows whoever renders it: the menu, and the reader's role in words."""

from django.urls import reverse

MENU = (
    ("Processes", "process:list"),
    ("Timeline", "timeline"),
    ("Talks", "talk:list"),
    ("Principles", "principle:list"),
    ("Demands", "demand:list"),
    ("Follow-ups", "follow-up:list"),
    ("Developments", "development:list"),
    ("Parties", "party:list"),
    ("People", "person:list"),
    ("Sources", "source:list"),
    ("Issues", "issue:list"),
    ("Delegations", "delegation:list"),
    ("Assessments", "assessment:list"),
    ("Watch phrases", "watch-phrase:list"),
    ("Codebook", "codebook"),
)


def navigation(request) -> dict:
    """The menu, with the entry that the page belongs to marked, and `role_label`; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entries = [{"label": label, "url": reverse(name)} for label, name in MENU]
    for entry in entries:
        entry["current"] = request.path.startswith(entry["url"])
    return {"menu": entries, "role_label": user.get_role_display()}

"""The page that a list is measured against: one indexed query, and a template written by hand for the same HTML."""

from django.shortcuts import render

SELECTED = (
    "ref", "occurred_on", "headline", "kind", "party__ref", "party__name", "speaker__ref", "speaker__name", "basis",
    "sourced", "process__ref", "process__title",
)  # fmt: skip

shown = {}
"""What the page shows: the queryset `rows`, and the HTML `before` and `after` their lines in the body of the page."""


def prepare(rows, html: str) -> None:
    """Let the page show the first fifty of `rows`, in the same frame as the list whose page is `html`."""
    head, _, rest = html.partition("<tbody>")
    _, _, tail = rest.partition("</tbody>")
    before = head[head.index('<div class="page-head">') :]
    after = tail[: tail.index("</main>")]
    shown.update(rows=rows.values(*SELECTED)[:50], before=before, after=after)


def bare(request):
    """The page; signed in like any other."""
    return render(request, "bare.html", shown | {"rows": list(shown["rows"].all())})

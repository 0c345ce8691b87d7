"""The page of a source, and of its stored text."""

import re
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.html import escape

from tracker.clocks import Clocks
from tracker.models import Change, EarlierText, Source
from tracker.pages.base import PageView
from tracker.pages.detail import RecordPage
from tracker.pages.numbered import page_of

LONGEST_FOLDED = 20_000
"""The longest text, in characters, shown in a fold on its source's page; longer ones have a page of their own."""
LONGEST_OPEN = 1_500
"""The longest text, in characters, shown unfolded."""
MOST_BYTES = 180_000
"""The maximum size, in bytes of HTML, of one page of a text."""
LONGEST_PARAGRAPH = MOST_BYTES // 6
"""The longest paragraph, in characters, which fits a page even if each is escaped to six bytes; longer ones are cut."""


def text_of(ref: str, source: Source | None, clocks: Clocks) -> str:
    """The text of the source called `ref` (None if it has been deleted) as it was stored at `clocks`."""
    if clocks.known is not None:
        earlier = EarlierText.objects.held_at(ref, "text", clocks.known)
        if earlier is not None:
            return earlier.text
    return source.text if source else ""


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of `text`, separated by empty lines; those over LONGEST_PARAGRAPH are cut at a space."""
    paragraphs = []
    for paragraph in re.split(r"\n[^\S\n]*\n\s*", text.strip()):
        while len(paragraph) > LONGEST_PARAGRAPH:
            cut = paragraph.rfind(" ", LONGEST_PARAGRAPH // 2, LONGEST_PARAGRAPH) + 1 or LONGEST_PARAGRAPH
            paragraphs.append(paragraph[:cut])
            paragraph = paragraph[cut:]
        paragraphs.append(paragraph)
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def pages_of(text: str) -> list[list[str]]:
    """The paragraphs of `text` in pages of at most MOST_BYTES of HTML."""
    pages, size = [[]], 0
    for paragraph in paragraphs_of(text):
        needed = len(escape(paragraph).encode()) + 4 * paragraph.count("\n") + len('<p dir="auto"></p>\n')
        if pages[-1] and size + needed > MOST_BYTES:
            pages.append([])
            size = 0
        pages[-1].append(paragraph)
        size += needed
    return pages


def length_of(text: str) -> str:
    """The number of characters of `text`, for display; empty if there is none."""
    return f"{len(text):,} character{'' if len(text) == 1 else 's'}" if text else ""


class SourcePage(RecordPage):
    """A source: its fields, the records that cite it, and its stored text for those who may read it."""

    template_name = "source/detail.html"

    def get_context_data(self, ref, **context):
        context = super().get_context_data(ref, **context)
        text = text_of(ref, context["record"], self.clocks)
        may_read = self.request.user.records
        folded = may_read and len(text) <= LONGEST_FOLDED
        return context | {
            "length": length_of(text),
            "may_read": may_read,
            "paragraphs": paragraphs_of(text) if folded else [],
            "language": context["record"].language,
            "is_open": len(text) <= LONGEST_OPEN,
            "text_url": "?".join(filter(None, [f"/sources/{ref}/text/", urlencode(self.clocks.query)])),
        }


class SourceText(PageView):
    """The stored text of a source at the clocks, in pages; also texts replaced by later edits."""

    template_name = "source/text.html"
    turns = ("page",)

    def get_context_data(self, ref, **context):
        user, clocks = self.request.user, self.clocks
        if not user.records:
            raise PermissionDenied(
                "Only analysts, editors and administrators can read stored texts. "
                "What was quoted from this one stands on the page of the source."
            )
        source = Source.objects.visible_to(user).at(clocks).filter(ref=ref).first()
        changes = Change.objects.visible_to(user).filter(record_ref=ref, subject_ref=ref)
        last = None if source else changes.first()
        if source is None and (last is None or clocks.known is None or last.at <= clocks.known):
            raise Http404
        text = text_of(ref, source, clocks)
        if not text:
            raise Http404
        pages = pages_of(text)
        numbers, page = page_of(list(range(len(pages))), 1, self.request.GET.get("page", ""), self.url)
        return super().get_context_data(
            name=str(source) if source else last.record_name,
            source_url="?".join(filter(None, [f"/sources/{ref}/", urlencode(clocks.query)]))
            if source
            else "",
            history_url=f"/sources/{ref}/history/",
            length=length_of(text),
            paragraphs=pages[numbers[0]],
            language=source.language if source else "",
            page=page,
            **context,
        )

    def url(self, page) -> str:
        """The address of another page of the text."""
        query = urlencode(self.clocks.query | ({"page": page} if page else {}))
        return f"{self.request.path}?{query}" if query else self.request.path

"""The page of a source, and of its stored text."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.forms.fields import whole_number
from tracker.forms.sources import LONGEST_TEXT, SourceForm, SourceTextForm, SourceWithoutTextForm, is_apart
from tracker.models import Source, SourceText
from tracker.pages.base import PageView
from tracker.pages.detail import RecordPage
from tracker.pages.edit import EditRecord
from tracker.pages.numbered import page_of
from tracker.queries.source_texts import quoted_places, text_versions
from tracker.templatetags.reading import at
from tracker.text.quotes import Place

LONGEST_OPEN = 1_500
"""The longest text, in characters, shown unfolded."""
MOST_BYTES = 180_000
"""The maximum size, in bytes of HTML, of one page of a text."""
LONGEST_PARAGRAPH = MOST_BYTES // 6
"""The longest paragraph, in characters, which fits a page even if each is escaped to six bytes; longer ones are cut."""


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


def marked_paragraphs(text: str, quoted: list[Place]) -> list[SafeString]:
    """The paragraphs of `text` as HTML, with marks around the places that are `quoted`, which are in their order."""
    marked, start = [], 0
    for paragraph in paragraphs_of(text):
        start = text.index(paragraph, start)
        end = start + len(paragraph)
        inside = [
            (max(first, start), min(last, end)) for first, last in quoted if first < end and last > start
        ]
        marked.append(_marked(text, start, end, inside))
        start = end
    return marked


def _marked(text: str, start: int, end: int, quoted: list[Place]) -> SafeString:
    begins = [start, *(last for _, last in quoted)]
    pairs = [
        (text[begin:first], text[first:last]) for begin, (first, last) in zip(begins, quoted, strict=False)
    ]
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pairs), text[begins[-1] : end])


def pages_of(paragraphs: list[SafeString]) -> list[list[SafeString]]:
    """`paragraphs` in pages of at most MOST_BYTES of HTML."""
    pages, size = [[]], 0
    for paragraph in paragraphs:
        needed = len(paragraph.encode()) + 4 * paragraph.count("\n") + len('<p dir="auto"></p>\n')
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
        source, user = context["record"], self.request.user
        folded = user.records and len(source.text) <= LONGEST_TEXT
        quoted = quoted_places(source, source.text, user, self.clocks) if folded else []
        return context | {
            "length": length_of(source.text),
            "may_read": user.records,
            "paragraphs": marked_paragraphs(source.text, quoted) if folded else [],
            "language": source.language,
            "is_open": len(source.text) <= LONGEST_OPEN,
            "text_url": at(f"/sources/{ref}/text/", self.clocks),
            "versions": text_versions(source, user) if user.records else [],
        }


class StoredText(PageView):
    """The stored text of a source at the clocks, or one `version` of those stored until then, in pages."""

    template_name = "source/text.html"
    turns = ("page",)

    def get_context_data(self, ref, **context):
        user, clocks = self.request.user, self.clocks
        if not user.records:
            raise PermissionDenied(
                "Only analysts, editors and administrators can read stored texts. "
                "What was quoted from this one stands on the page of the source."
            )
        source = get_object_or_404(Source.objects.visible_to(user), ref=ref)
        stored = self.stored(source)
        pages = pages_of(marked_paragraphs(stored.text, quoted_places(source, stored.text, user, clocks)))
        numbers, page = page_of(list(range(len(pages))), 1, self.request.GET.get("page", ""), self.url)
        return super().get_context_data(
            source=source,
            stored=stored,
            edit_url=self.may("change_source", source) and f"/sources/{ref}/text/edit/",
            history_url=at(f"/sources/{ref}/history/", clocks),
            length=length_of(stored.text),
            paragraphs=pages[numbers[0]],
            page=page | {"first": None, "total_text": f"Part {numbers[0] + 1} of {len(pages)}"},
            **context,
        )

    def stored(self, source: Source) -> SourceText:
        """The version that is asked for, or the newest; raises Http404 if there is no such text."""
        texts = SourceText.objects.visible_to(self.request.user)
        versions = texts.of(source).select_related("recorded_by")
        if number := self.request.GET.get("version", ""):
            versions = versions.filter(number=whole_number(number))
        stored = versions.first()
        if stored is None or not stored.text:
            raise Http404
        return stored


class EditSource(EditRecord):
    """The form of a source, without its text if that is long: it has a page of its own."""

    template_name = "source/form.html"

    def make_form(self, data=None, quiet=False):
        """The form with the recorded values, or bound to `data`."""
        sources = Source.objects.visible_to(self.request.user)
        source = sources.filter(ref=self.kwargs["ref"]).first()
        self.form_class = SourceWithoutTextForm if is_apart(self.request, source) else SourceForm
        self.length = length_of(source.text) if source and self.form_class is SourceWithoutTextForm else ""
        return super().make_form(data, quiet)

    def texts(self):
        return super().texts() | {"length": self.length, "text_url": f"{self.url}text/"}


class EditText(EditRecord):
    """The form of the text of a source."""

    form_class = SourceTextForm

    def texts(self):
        return super().texts() | {"title": f"Text of {self.name}"}

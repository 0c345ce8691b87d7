"""The detail page and the history of every record type."""

import datetime as dt
from urllib.parse import urlencode

from django.apps import apps
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.html import escape, strip_tags

from tracker.clocks import instant_iso
from tracker.models import Change, Item
from tracker.pages import numbered
from tracker.pages.base import PageView
from tracker.pages.pagination import in_order, sort_keys
from tracker.queries.changed_dates import with_dates
from tracker.queries.merging import holds
from tracker.register import BY_MODEL, BY_URL_NAME
from tracker.register.display import NOTHING, cells, page_of

SHOWN_IN_SECTION = 10

ENTRIES = 100
"""How many entries of a history a page shows at most."""
CHANGES = 300
"""How many entries, with the fields that they changed, a page shows at most."""


class RecordPage(PageView):
    """One record: its fields, and the records of other types that refer to it."""

    template_name = "records/detail.html"

    def get_context_data(self, ref, **context):
        record_type, query = self.record_type, urlencode(self.clocks.query)
        columns = [column for column in record_type.columns if _is_fact(column)]
        facts = {
            f"fact_{place}": expression for place, expression in enumerate(record_type.selected(columns))
        }
        record = get_object_or_404(
            record_type.rows(self.request.user, self.clocks).annotate(**facts), ref=ref
        )
        self.process, self.shown = record.of_process, record
        [row] = cells(columns, [[getattr(record, name) for name in facts]], query, longest=None)
        model_name = record_type.model._meta.model_name
        return super().get_context_data(
            record_type=record_type,
            record=record,
            facts=[
                (column.label, cell, column.is_undated)
                for column, cell in zip(columns, row, strict=True)
                if cell is not NOTHING and strip_tags(cell) != escape(record)
            ],
            sections=[self.section(section, record, query) for section in record_type.sections],
            history_url=f"/{record_type.path}/{ref}/history/",
            add_development_url=record_type.development_field
            and self.may("add_development")
            and f"/developments/new/?{record_type.development_field}={ref}",
            edit_url=self.may(f"change_{model_name}", record) and f"/{record_type.path}/{ref}/edit/",
            delete_url=self.may(f"delete_{model_name}", record) and f"/{record_type.path}/{ref}/delete/",
            merge_url=hasattr(record, "merged_into_id")
            and self.may(f"merge_{model_name}", record)
            and f"/{record_type.path}/{ref}/merge/",
            **context,
        )

    def section(self, section, record, query) -> dict:
        """The first records that refer to `record`, and the URL of the full list."""
        record_type = BY_URL_NAME[section.url_name]
        # The columns that refer to this record would be the same in every row.
        columns = [column for column in record_type.listed if column.name != section.filter]
        rows = record_type.rows(self.request.user, self.clocks)
        rows = record_type.filterset.base_filters[section.filter].filter(rows, record)
        sort = record_type.column(record_type.sort.removeprefix("-"))
        rows = in_order(
            rows, sort_keys(record_type.model, tuple(sort.order), record_type.sort.startswith("-"))
        )
        selected = record_type.selected(columns)
        first = list(rows.values_list(*selected)[: SHOWN_IN_SECTION + 1])
        labels = [column.label for column in columns]
        return {
            "title": section.title,
            "headings": labels,
            "rows": [
                list(zip(labels, row, strict=True)) for row in cells(columns, first[:SHOWN_IN_SECTION], query)
            ],
            "more": len(first) > SHOWN_IN_SECTION,
            "url": f"/{record_type.path}/?" + urlencode({section.filter: record.ref, **self.clocks.query}),
            "label_plural": record_type.label_plural,
        }


class RecordHistory(PageView):
    """The audit entries of a record, which remain available after its deletion."""

    template_name = "records/history.html"
    turns = ("page",)

    def get_context_data(self, ref, **context):
        record_type, user = self.record_type, self.request.user
        self.shown = record = (
            record_type.model.objects.visible_to(user).at(self.clocks).filter(ref=ref).first()
        )
        rows = Change.objects.visible_to(user).at(self.clocks).filter(subject_ref=ref).select_related("by")
        # A date is told from all entries that set one of its columns.
        entries = with_dates(rows)
        if record is None and not entries:
            raise Http404
        parameter = self.request.GET.get("page", "")
        changes, page = numbered.page_of(
            entries, ENTRIES, parameter, self.url, lambda entry: 1 + len(entry.changes), CHANGES
        )
        if user.records:
            self.lead_to_texts(changes, ref)
        if self.may(f"merge_{record_type.model._meta.model_name}"):
            self.lead_to_merges(changes)
        return super().get_context_data(
            record_type=record_type,
            record=record,
            name=str(record) if record else entries[0].record_name,
            record_url=page_of(ref, urlencode(self.clocks.query)) if record else "",
            changes=changes,
            page=page,
            earlier=self.moved_from(record) if isinstance(record, Item) else None,
            **context,
        )

    def moved_from(self, item: Item) -> Item | None:
        """The item that `item` was until it was moved here, if the user may see that process."""
        rows = type(item).everything.visible_to(self.request.user).filter(merged_into=item.pk)
        return rows.exclude(process=item.process_id).select_related("process").order_by("-pk").first()

    def lead_to_texts(self, changes: list[Change], ref: str) -> None:
        """Set `read_url`, the URL of the earlier text, on each change of a private text."""
        private = self.record_type.model.private_fields
        for entry in changes:
            known = instant_iso(entry.at - dt.timedelta(microseconds=1))
            for change in entry.changes:
                if change["old"] and change["field"] in private and entry.record_ref == ref:
                    change["read_url"] = f"/{self.record_type.path}/{ref}/text/?{urlencode({'known': known})}"

    def lead_to_merges(self, changes: list[Change]) -> None:
        """Set `undo_url`, the page that undoes it, on the entry of each merge that holds as it was done."""
        for entry in changes:
            if entry.action == Change.Action.MERGED:
                record_type = BY_MODEL[apps.get_model("tracker", entry.record_type)]
                if holds(record_type.model, entry.merged_ref, entry.at):
                    entry.undo_url = f"/{record_type.path}/{entry.merged_ref}/unmerge/"


def _is_fact(column) -> bool:
    """Whether a column is shown: ids are left out, since another column has the name."""
    return column.name != "id" and not column.name.endswith(("_id", "_ids", "_precision"))

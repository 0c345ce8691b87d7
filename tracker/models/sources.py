"""Documents that records cite."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from tracker.models.base import Record
from tracker.models.chains import require_no_circle
from tracker.models.collation import CollationKey
from tracker.models.date_columns import precise
from tracker.models.dates import HeldDate, refuse_duration
from tracker.models.fields import LabelledCharField, related_model
from tracker.models.known import version_of
from tracker.models.mergeable import ALIASES_HELP, Mergeable, MergedInto, validate_names
from tracker.models.names import NameRank, root_of
from tracker.models.vocabularies import DatePrecision, Reliability, SourceKind
from tracker.text.languages import wrong_language

OPEN_FIRST = "It is kept to another process. Open it to all first, or enter it anew."
CITED_ELSEWHERE = "It is cited outside of this process already, so it stays open to all."


def hidden_sources(processes: Sequence[int], column: str = "id") -> RawSQL:
    """The `column` of the sources that are kept to one of `processes` (primary keys), or were until they were deleted.

    A merged one is kept to the process of the one that it leads to. It reads the versions, which have deleted ones too,
    as of now: a view of the past rewrites only quoted tables.
    """
    kept = f"{{0}}.process_id IN ({', '.join(['%s'] * len(processes))})"
    latest = (
        "NOT EXISTS (SELECT 1 FROM tracker_source_version AS later"
        " WHERE later.id = {0}.id AND later.known_until > {0}.known_until)"
    )
    survivors = f"SELECT s.id FROM tracker_source_version AS s WHERE {kept} AND {latest}".format("s")
    return RawSQL(  # noqa: S611
        f"SELECT v.{column} FROM tracker_source_version AS v"  # noqa: S608
        f" WHERE {kept} AND v.merged_into_id IS NULL AND {latest}".format("v")
        + f" UNION ALL SELECT m.{column} FROM tracker_source_version AS m"  # noqa: S608
        f" WHERE m.merged_into_id IN ({survivors}) AND {latest.format('m')}",
        [*processes, *processes],
    )


class Source(Mergeable):
    """A document: publisher, date, URL and reliability; its text is private.

    It is open to all, or kept to one process, which alone may cite it.
    """

    prefix = "src"
    url_name = "source"
    private_fields = ("text",)
    name_fields = ("title",)
    searched_names = ("title", "aliases")
    searched_texts = ("publisher", "authors", "url")
    hidden_now = staticmethod(hidden_sources)

    publisher = models.CharField(max_length=200)
    publisher_sort_key = CollationKey("publisher")
    title = models.CharField(max_length=400)
    sort_key = CollationKey("title")
    authors = models.CharField(max_length=400, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_precision = models.CharField(max_length=11, choices=DatePrecision, blank=True)
    published_last = models.DateField(null=True, blank=True)
    published_inferred = models.BooleanField(
        "date inferred", default=False, help_text="The date is worked out, not printed on the document."
    )
    url = models.URLField("URL", max_length=1000, blank=True)
    kind = LabelledCharField("type", max_length=17, choices=SourceKind)
    language = models.CharField(
        max_length=35, blank=True, default="en", help_text="A BCP 47 code such as en or ru."
    )
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    taken_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_by",
        help_text="The source that it reports, translates or reprints, if it is on record.",
    )
    retrieved_on = models.DateField(null=True, blank=True)
    text = models.TextField(
        blank=True, help_text="The words themselves, kept in this installation and never exported."
    )
    """A copy of the newest `SourceText`; a view of the past has the one of its time."""
    process = models.ForeignKey(
        "tracker.Process",
        models.PROTECT,
        verbose_name="kept to",
        null=True,
        blank=True,
        related_name="sources",
        help_text="The only process that may cite it, whose members alone see it where that is restricted. "
        "Empty: open to all.",
    )
    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    merged_into = MergedInto()

    class Meta:
        ordering = ["publisher_sort_key", "sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=precise("published_on", "published_precision", optional=True),
                name="source_published_precise",
                violation_error_message="A publication date needs its precision.",
            ),
            models.CheckConstraint(
                condition=Q(taken_from__isnull=True) | ~Q(taken_from=F("id")),
                name="source_taken_from_another",
                violation_error_message="A source cannot be taken from itself.",
            ),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"

    def clean(self):
        refuse_duration(self.published, "published_on")
        if self.language and (rule := wrong_language(self.language)):
            raise ValidationError({"language": rule})
        if self.taken_from and self.taken_from.process_id not in (None, self.process_id):
            raise ValidationError({"taken_from": kept_elsewhere(self.taken_from)})
        if self.taken_from_id != self.pk:
            require_no_circle(
                self, "taken_from", f"“{self.taken_from}” is taken, in the end, from this source."
            )
        if self.pk and self.process_id:
            kept_to = Source.objects.filter(pk=self.pk).values_list("process", flat=True).first()
            if kept_to not in (None, self.process_id):
                # Who may see the one process would find the other in the history.
                raise ValidationError({"process": OPEN_FIRST})
            if kept_to is None and is_cited_outside(self):
                raise ValidationError({"process": CITED_ELSEWHERE})

    def names(self):
        """The title, and the publisher with the title, as in the heading of its page."""
        yield from super().names()
        yield NameRank.OTHER, str(self)

    @property
    def short(self) -> str:
        """A short citation: the publisher, and the date of publication if known."""
        return f"{self.publisher}, {self.published}" if self.published else self.publisher

    @property
    def public_by(self) -> dt.date | None:
        """The day by which it, or what it was taken from, was surely published; None if no date tells."""
        days = [source.published.latest for source in (self, self.taken_from) if source and source.published]
        return min(filter(None, days), default=None)

    published = HeldDate("published")
    """The date of publication as a Span, or None."""


def require_citable(record: Record) -> None:
    """Raise ValidationError, at `source`, if that of `record` is kept to a process that `record` does not belong to."""
    source = getattr(record, "source", None)
    if source is None or source.process_id is None:
        return
    try:
        process = record.of_process
    except ObjectDoesNotExist:
        return  # asked again once it is known what `record` belongs to
    if process is None or process.pk != source.process_id:
        raise ValidationError({"source": kept_elsewhere(source)})


def kept_elsewhere(source: Source) -> str:
    """What to say to somebody who may see `source`, and names it outside of the process that it is kept to."""
    return f"“{source}” is kept to another process, so it cannot be cited here."


def is_cited_outside(source: Source) -> bool:
    """Whether a record outside of the process of `source` cites it, or ever did: history shows what it cited then.

    What cites, or cited, a source that was merged into it counts too.
    """
    keys = [source.pk, *Source.everything.filter(merged_into=source.pk).values_list("pk", flat=True)]
    for relation in Source._meta.related_objects:
        model, cited = relation.related_model, relation.field
        if isinstance(cited, MergedInto):
            continue
        # Of those that are one by now, none is outside.
        own = keys if model is Source else []
        citing = model._base_manager.filter(**{f"{cited.name}__in": keys}).exclude(pk__in=own)
        if citing.exclude(**{model.process_path: source.process_id}).exists():
            return True
        if versions := version_of(model):
            owner, _, further = model.process_path.partition("__")
            inside = Q(**{f"{owner}_id": source.process_id})
            if further:
                owners = version_of(root_of(related_model(model._meta.get_field(owner))))
                assert owners is not None, (
                    "what belongs to something in a process is kept in versions like it"
                )
                rows = owners._base_manager.filter(process_id=source.process_id)
                inside = Q(**{f"{owner}_id__in": rows.values("row_id")})
            naming = versions._base_manager.filter(**{f"{cited.attname}__in": keys}).exclude(row_id__in=own)
            if naming.filter(~inside).exists():
                return True
    return False

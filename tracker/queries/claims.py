"""Which dataset claims a record, since which of its releases, and whether the last one still does."""

from django.db.models import Case, F, Min, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import JSONObject

from tracker.clocks import Clocks
from tracker.models import Claim
from tracker.models.vocabularies import SetAside

LAST = ("-recorded_at", "-pk")
"""The claim that was made last comes first."""


def with_claims(rows: QuerySet, clocks: Clocks, named: str = "record_ref") -> QuerySet:
    """`rows` with `claimed`, the latest claim on each at `clocks`, and `claimed_first`; None where there is none.

    Each is {"dataset", "release", "row", "latest_release", "set_aside", "detail", "way_forward"}.
    `latest_release` is the newest that was loaded; `set_aside` says why the record does not follow the row and
    `way_forward` what can be done, both empty where it follows; `claimed_differences` are the columns concerned.
    `named` is the field of a claim that the rows' references are looked for in. Costs no query of its own.
    """
    claims = Claim.objects.at(clocks)
    # The newest release is the one whose first claim is the latest: one loaded again adds claims to an older one.
    releases = claims.filter(dataset=OuterRef("dataset")).order_by().values("release")
    releases = releases.annotate(first=Min("pk")).order_by("-first")
    in_words = {
        name: Case(
            *(When(set_aside=code, then=Value(getattr(code, name))) for code in SetAside),
            default=Value(""),
            output_field=TextField(),
        )
        for name in ("label", "sentence")
    }
    told = JSONObject(
        dataset=F("dataset"),
        release=F("release"),
        row=F("upstream_id"),
        latest_release=Subquery(releases.values("release")[:1]),
        set_aside=in_words["label"],
        detail=F("set_aside_detail"),
        way_forward=in_words["sentence"],
    )
    of_row = claims.filter(**{named: OuterRef("ref")})
    return rows.annotate(
        claimed=Subquery(of_row.order_by(*LAST).values(told=told)[:1]),
        claimed_differences=Subquery(of_row.order_by(*LAST).values("differences")[:1]),
        claimed_first=Subquery(of_row.order_by("recorded_at", "pk").values(told=told)[:1]),
    )

"""Which dataset claims a record, since which of its releases, and whether the last one still does."""

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from tracker.clocks import Clocks
from tracker.models import Claim

LAST = ("-recorded_at", "-pk")
"""The claim that was made last comes first."""


def with_claims(rows: QuerySet, clocks: Clocks, named: str = "record_ref") -> QuerySet:
    """`rows` with `claimed`, the latest claim on each at `clocks`, and `claimed_first`; None where there is none.

    Each is {"dataset", "release", "row", "latest_release"}, the last being the release that the dataset was last
    loaded in. `named` is the field of a claim that the rows' references are looked for in. Costs no query of its own.
    """
    claims = Claim.objects.at(clocks)
    releases = claims.filter(dataset=OuterRef("dataset"), record_type="process").order_by(*LAST)
    told = JSONObject(
        dataset=F("dataset"),
        release=F("release"),
        row=F("upstream_id"),
        latest_release=Subquery(releases.values("release")[:1]),
    )
    of_row = claims.filter(**{named: OuterRef("ref")})
    return rows.annotate(
        claimed=Subquery(of_row.order_by(*LAST).values(told=told)[:1]),
        claimed_first=Subquery(of_row.order_by("recorded_at", "pk").values(told=told)[:1]),
    )

"""Developments as an Atom feed (RFC 4287)."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from tracker.queries.evidence import ItemDevelopment

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def tag(name: str) -> str:
    """A tag URI (RFC 4151), independent of the host, with an authority that nobody can own."""
    return f"tag:negotiation-tracker.invalid,2025:{quote(name, safe='/')}"


def text(value: str) -> str:
    """`value` without characters that are invalid in XML."""
    return _NOT_XML.sub("", value)


def feed(
    entries: Iterable[ItemDevelopment], name: str, about: str, path: str, link: str, updated: dt.datetime,
    page_of: Callable[[object], str],
) -> bytes:  # fmt: skip
    """An Atom feed of `entries` with the title `name` and the subtitle `about`; `path` makes its id unique.

    `link` is the absolute URL of the corresponding page, `page_of` returns that of a development or item, and `updated`
    (aware) is the time of the last write. The feed's own URL is left out, since it is a secret.
    """
    atom = _Feed(
        text(name), link, text(about), feed_guid=tag(f"feed/{path}"), author_name="Negotiation Tracker"
    )
    atom.updated = updated
    for entry in entries:
        development = entry.development
        withdrawn = "Withdrawn: " if development.ended_at else ""
        body = render_to_string(
            "feeds/entry.html", {"entry": entry, "development": development, "page_of": page_of}
        )
        atom.add_item(
            title=text(f"{withdrawn}{development.headline}"),
            link=page_of(development),
            description=text(body.strip()),
            unique_id=tag(development.ref),
            pubdate=development.first_recorded_at,
            updateddate=development.ended_at or development.recorded_at,
            categories=[text(str(development.process)), development.get_kind_display()],
        )
    return atom.writeString("utf-8").encode()


class _Feed(Atom1Feed):
    """A feed whose `updated` is the last write, also without entries."""

    def latest_post_date(self):
        return self.updated

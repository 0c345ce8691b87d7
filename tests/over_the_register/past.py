"""Every page and file that can be read at an instant of the past, and what it shows of the record."""

from collections.abc import Iterable, Iterator

from django.test import Client

from tests.examples import is_thorough
from tests.roles import routes
from tracker.models import Record

OF_NO_INSTANT = ("datasets/", "files/", "healthz", "jobs/", "metrics", "readyz")
"""What is the same whichever instant is asked for: it is about the installation."""
LEFT_OUT = (
    *OF_NO_INSTANT,
    "accounts/",
    "admin/",
    "api/",
    "codebook/",
    "feeds/",
    "imports/",
    "package.zip",
    "tokens/",
    "views/",
)
"""What is not read at an instant, or is read elsewhere."""
FORMS = ("new/", "edit/", "delete/", "update/", "merge/", "move/")
QUERIES = {
    "search/": "q=words",
    "search.csv": "q=words",
    "search.json": "q=words",
    "search/suggestions/": "q=wo",
    "options/<slug:name>/": "q=wo",
}


def addresses(records: Iterable[Record]) -> Iterator[str]:
    """Every page and file of `records` and of the whole record."""
    refs: dict[str, list[str]] = {}
    for record in records:
        if record.url_name:
            refs.setdefault(record.get_absolute_url().split("/")[1], []).append(record.ref)
    for route in routes():
        if route.startswith(LEFT_OUT) or route.endswith(FORMS):
            continue
        query = QUERIES.get(route, "")
        for ref in refs.get(route.partition("/")[0], ()) if "<slug:ref>" in route else ("",):
            address = route.replace("<slug:ref>", ref).replace("<slug:name>", "party")
            yield f"/{address}?{query}"


def plain(addresses: Iterable[str]) -> list[str]:
    """`addresses` without the workbooks and JSON files, which have the rows of the CSV files; all in `make prove`."""
    return [
        address
        for address in addresses
        if is_thorough() or not address.partition("?")[0].endswith((".xlsx", ".json"))
    ]


def contents(client: Client, addresses: Iterable[str], known: str) -> dict[str, bytes | str]:
    """What each of `addresses` shows at the instant `known`: a file whole, of a page the part that shows the record."""
    return {
        address: content(client.get(f"{address}&known={known}".replace("?&", "?"))) for address in addresses
    }


def content(response) -> bytes | str:
    """The file of `response`, or the part of its page that shows the record, with its status.

    What is not there yet tells of later times, and may change with them.
    """
    body = response.getvalue()
    if response.status_code == 404:
        return "404"
    if response.headers["Content-Type"].startswith("text/html"):
        text = body.decode()
        return f"{response.status_code} {text.partition('<main')[2].partition('</main>')[0] or text}"
    return body

"""Every way in which what is on record leaves the application, for one reader: pages, files, packages, the admin.

Each function yields pairs of an address, and all that is answered there: the headers, and what is packed as well.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.db import transaction
from django.test import Client

from tests.admin.pages import url
from tests.files.test_importing import brought_in
from tests.over_the_register.past import FORMS, OF_NO_INSTANT, addresses
from tests.pages.filling import sent
from tests.roles import routes
from tracker.admin.site import site
from tracker.api.feeds import FEEDS
from tracker.models import Record, Token, User
from tracker.register import BY_MODEL, BY_URL_NAME
from tracker.search.suggestions import REFERABLE

Answers = Iterator[tuple[str, str]]

ASKED = "quokka"
"""What is typed where one searches."""


def signed_in(user: User) -> Client:
    """A client of `user`."""
    client = Client()
    client.force_login(user)
    return client


def told(response) -> str:
    """All that `response` says, with its headers; of a ZIP file or workbook, what is in its members."""
    body = response.getvalue()
    return f"{dict(response.headers)} {unpacked(body)}"


def unpacked(body: bytes) -> str:
    """`body` as text."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}\n{unpacked(archive.read(name))}" for name in archive.namelist())
    return body.decode(errors="replace")


def pages(user: User, records: Iterable[Record], refs: dict[str, str], clocks: Iterable[str]) -> Answers:
    """All pages and files of `records`, of the hidden `refs` and of the whole record, by each of `clocks`.

    `refs`: {id: the part of the address of its page}; `clocks` are parts of a query string.
    """
    client = signed_in(user)
    read = {*addresses(records), *looked_up()}
    read |= {f"/{route}?" for route in routes() if route.startswith(OF_NO_INSTANT) and "<" not in route}
    for ref, path in refs.items():
        ending = [
            route.partition("<slug:ref>") for route in routes() if route.startswith(f"{path}/<slug:ref>")
        ]
        read |= {f"/{path}/{ref}{end}?" for _, _, end in ending}
    for address in sorted(read):
        for clock in clocks:
            asked = f"{address}&{clock}".replace("?&", "?").rstrip("?&")
            yield asked, told(client.get(asked))


def looked_up() -> Iterator[str]:
    """The searches, suggestions and look-ups of what is asked for."""
    for route in routes():
        if route.startswith("search"):
            yield f"/{route}?q={ASKED}"
    for name in REFERABLE:
        yield f"/options/{name}/?q={ASKED}"


def filtered(user: User, refs: dict[str, str]) -> Answers:
    """The lists and the timeline, narrowed to each of the hidden `refs`."""
    client = signed_in(user)
    named = {ref.partition("-")[0]: ref for ref in refs}
    for kind in BY_MODEL.values():
        for name in kind.filterset.base_filters:
            for ref in named.values():
                address = f"/{kind.path}/?{name}={ref}"
                yield address, told(client.get(address))


def programs(user: User, instants: Iterable[str]) -> Answers:
    """Feeds, and what a program reads with a token: tables, the description, the package."""
    for name in FEEDS:
        _, secret = Token.make(user, "feed", name)
        yield name, told(Client().get(f"/feeds/{secret}/{name}"))
    _, secret = Token.make(user, "program")
    files = [
        f"/{route}" for route in routes() if route.endswith((".csv", ".json", ".ics")) and "<" not in route
    ]
    files += ["/package.zip", *(f"/package.zip?known={known}" for known in instants)]
    for address in files:
        yield address, told(Client().get(address, headers={"Authorization": f"Bearer {secret}"}))


def admin(user: User) -> Answers:
    """The admin: lists, searches, autocomplete, and the pages of everything, hidden or not."""
    client = signed_in(user)
    for model, model_admin in site._registry.items():
        lists = [url(model, "changelist"), f"{url(model, 'changelist')}?q={ASKED}"]
        rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
        kept = [row for row in rows if model in BY_MODEL] or list(rows)[:20]
        one = [url(model, page, key) for key in kept for page in ("change", "history", "delete")]
        offered = [
            f"/admin/autocomplete/?app_label=tracker&model_name={model._meta.model_name}&field_name={name}&term={ASKED}"
            for name in model_admin.autocomplete_fields
        ]
        for address in (*lists, url(model, "add"), *one, *offered):
            yield address, told(client.get(address))


def forms(user: User, records: Iterable[Record], refs: dict[str, str]) -> Answers:
    """The forms of all records, opened and sent."""
    client = signed_in(user)
    known = refs | {
        record.ref: record.get_absolute_url().split("/")[1] for record in records if record.url_name
    }
    for route in routes():
        if not route.endswith((*FORMS, "unmerge/")) or route.startswith(("admin/", "accounts/")):
            continue
        for ref, path in known.items() if "<slug:ref>" in route else (("", ""),):
            if route.startswith(path):
                address = f"/{route.replace('<slug:ref>', ref)}"
                yield address, told(client.get(address))
                with transaction.atomic():
                    yield (
                        f"POST {address}",
                        told(client.post(address, {"note": "So it is.", "into": "Gazette"})),
                    )
                    transaction.set_rollback(True)


def refusals(user: User, named: Iterable[str], url_names: Iterable[str] = BY_URL_NAME) -> Answers:
    """What is said to who names each of `named`, in every field of the form and in every column of a file of a type.

    What was typed is taken out of the answer.
    """
    client = signed_in(user)
    for kind in (BY_URL_NAME[name] for name in url_names):
        header = client.get(f"/{kind.path}.csv").getvalue().decode().splitlines()[0].lstrip("\ufeff")
        new = f"/{kind.path}/new/"
        fields = sent(client.get(new)) if kind.has_pages else {}
        for text in named:
            cells = ",".join([f'"{text}"'] * (header.count(",") + 1))
            with transaction.atomic():
                run = brought_in(user, kind, f"{header}\n{cells}\n", then="writing")
                for address in (run.get_absolute_url(), f"{run.get_absolute_url()}wrong.csv"):
                    yield f"import of {kind.path}: {text}", without(text, told(client.get(address)))
                if fields:
                    answer = client.post(
                        new, {name: value if any(value) else text for name, value in fields.items()}
                    )
                    yield f"{new}: {text}", without(text, told(answer))
                yield f"{new}?: {text}", without(text, told(client.get(f"{new}?process={quote(text)}")))
                transaction.set_rollback(True)


def without(typed: str, answer: str) -> str:
    """`answer` without what was typed."""
    return answer.replace(typed, "").replace(quote(typed), "").replace(quote(typed, safe=""), "")

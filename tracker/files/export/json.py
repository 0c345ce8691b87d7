"""Streams JSON that the database formats from a query: an array with one object per row."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from tracker.files.export.copying import compiled, copied, printed

# Control characters are always escaped in JSON, so they can serve as delimiter and quote of COPY.
_AS_IT_IS = r"FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02'"


def stream_json(header: Sequence[str], rows: QuerySet) -> Iterator[bytes]:
    """Yield a JSON array in UTF-8 with an object for each of `rows`, in their order; `header` names its members.

    `rows` is a `values_list()` of columns and expressions of `tracker.files.export.expressions`; those with `is_json`
    are JSON, all others texts or numbers, and NULL is null. The output is a consistent snapshot. Closing the iterator
    early frees the connection.
    """
    return in_array(_lines(header, rows))


def in_array(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a JSON array of the objects in `chunks`, which have one object per line."""
    yield b"["
    before = b"\n"
    for chunk in chunks:
        if chunk:
            yield before + chunk[:-1].replace(b"\n", b",\n")
            before = b",\n"
    yield b"\n]\n"


def _lines(header: Sequence[str], rows: QuerySet) -> Iterator[bytes]:
    query = compiled(rows)
    if query is None:
        return
    names = [f"cell{number}" for number in range(len(header))]
    is_json = [getattr(expression, "is_json", False) for expression in query.expressions]
    if query.connection.vendor == "postgresql":
        cells = [
            f'{name}{"::json" if json else ""} AS "{column}"'
            for name, json, column in zip(names, is_json, header, strict=True)
        ]
        typed = f"SELECT {', '.join(cells)} FROM ({query.sql}) AS line({', '.join(names)})"
        yield from copied(query, f"SELECT row_to_json(line) FROM ({typed}) AS line", _AS_IT_IS)
    else:
        cells = [
            f"coalesce({name}, 'null')" if json else f"json_quote(nullif({name}, ''))"
            for name, json in zip(names, is_json, strict=True)
        ]
        pattern = "{" + ",".join(f'"{column}":%s' for column in header) + "}\n"
        yield from printed(query, pattern, cells)

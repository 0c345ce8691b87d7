"""JSON out of a query, written by the database itself and handed on as it comes: an array with an object a row."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from tracker.files.export.copying import compiled, copied, printed

# Within JSON a control character is always escaped, so that nothing is ever quoted.
_AS_IT_IS = r"FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02'"


def stream_json(header: Sequence[str], rows: QuerySet) -> Iterator[bytes]:
    """Yield a JSON array in UTF-8 with an object for each of `rows`, in their order; `header` names its members.

    `rows` is a `values_list()` of columns and of the cells of `tracker.files.export.expressions`; those that say
    `is_json` give JSON, all others a text or a number; what is empty is null. What is yielded is one state of the
    database. Closing the iterator early frees the connection for other work.
    """
    return in_array(_lines(header, rows))


def in_array(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the array of the objects that `chunks` hold, one in each line, none of them with a line break within."""
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

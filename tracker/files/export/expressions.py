"""Database expressions for the cells of an export: equal results on SQLite and PostgreSQL, NULL if empty.

Several texts in a cell are separated by "; ". Within a text a semicolon is written "\\;" and a backslash "\\\\", so
that splitting at unescaped semicolons restores the texts.
"""

from string import Formatter

from django.db.models import CharField, Func, TextField

from tracker.queries.sql import JsonListOf, of_members

# As code points: TAB, LF, CR, the apostrophe, + - = @.
FORMULA_STARTS = "(9, 10, 13, 39, 43, 45, 61, 64)"


def _guard(text: str, code_of: str) -> str:
    """SQL that puts an apostrophe before `text` if it starts with a formula character or an apostrophe.

    All these characters sort before the letters, so a single comparison suffices for most texts.
    """
    return (
        f"CASE WHEN {text} < 'A' AND {code_of}({text}) IN {FORMULA_STARTS} THEN '''' || {text} "
        f"ELSE nullif({text}, '') END"
    )


def _member(text: str) -> str:
    return rf"replace(replace({text}, '\', '\\'), ';', '\;')"


def _literal(text: str) -> str:
    """`text` as an SQL literal, escaped for templates and parameters."""
    doubled = text.replace("'", "''").replace("%", "%%").replace("{", "{{").replace("}", "}}")
    return f"'{doubled}'"


class CellExpression(Func):
    """A Func whose SQL template may refer to its arguments repeatedly, as `{0}`, `{1}`."""

    output_field = TextField()
    sqlite: str
    postgresql: str
    quotable = True
    """Whether the text may contain a comma, quotation mark or line break, and therefore need quoting."""
    is_json = False
    """Whether the text is JSON, which is inserted unchanged into JSON files."""

    def as_sqlite(self, compiler, connection, **context):
        return self._fill(self.sqlite, compiler)

    def as_postgresql(self, compiler, connection, **context):
        return self._fill(self.postgresql, compiler)

    def _fill(self, template, compiler):
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        sql, params = [], []
        for literal, place, _, _ in Formatter().parse(template):
            sql.append(literal)
            if place is not None:
                sql.append(compiled[int(place)][0])
                params.extend(compiled[int(place)][1])
        return "".join(sql), params


class Guarded(CellExpression):
    """A text with an apostrophe before it if a spreadsheet would run it as a formula, or if it starts with one.

    Readers remove one leading apostrophe, if there is one, to get the exact text.
    """

    sqlite = _guard("{0}", "unicode")
    # Compare bytes, that is, code points.
    postgresql = _guard("{0}", "ascii").replace("{0} <", '{0} COLLATE "C" <')


class Plain(CellExpression):
    """An unchanged text."""

    sqlite = postgresql = "nullif({0}, '')"


class Label(CellExpression):
    """The label of a code, which needs no guard."""

    def __init__(self, code, labels: dict[str, str], **extra):
        super().__init__(code, **extra)
        cases = " ".join(f"WHEN {_literal(code)} THEN {_literal(label)}" for code, label in labels.items())
        self.sqlite = self.postgresql = f"CASE {{0}} {cases} END"


class Labels(CellExpression):
    """The labels of a list of codes, separated like them."""

    def __init__(self, codes, labels: dict[str, str], **extra):
        super().__init__(codes, **extra)
        cases = " || ".join(
            f"CASE WHEN '; ' || {{0}} || ';' LIKE {_literal(f'%; {code};%')} THEN {_literal(f'; {label}')} ELSE '' END"
            for code, label in labels.items()
        )
        self.sqlite = self.postgresql = f"substr({cases}, 3)"


class CodeList(CellExpression):
    """A list of codes as JSON."""

    sqlite = postgresql = """'["' || replace({0}, '; ', '","') || '"]'"""
    is_json = True


class CodeExpression(CellExpression):
    """A code or reference, which needs neither guard nor quotes."""

    sqlite = "{0}"
    postgresql = "nullif({0}, '')"
    quotable = False


class BooleanExpression(CellExpression):
    """A boolean as `true` or `false`."""

    sqlite = postgresql = "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END"
    quotable = False
    is_json = True


class IsoDate(CellExpression):
    """A date as ISO 8601; with its precision and its last day as `Span.edtf` has it: 2025-02, [..2025-02-17]."""

    sqlite = "{0}"
    postgresql = "{0}::text"
    quotable = False
    forms = (
        "CASE {{1}} WHEN 'day' THEN {day} WHEN 'month' THEN substr({day}, 1, 7) WHEN 'year' THEN substr({day}, 1, 4)"
        " WHEN 'before' THEN '[..' || {before} || ']' WHEN 'after' THEN '[' || {day} || '..]'"
        " WHEN 'between' THEN '[' || {day} || '..' || {last} || ']' WHEN 'lasted' THEN {day} || '/' || {last}"
        " WHEN 'about_day' THEN {day} || '~' WHEN 'about_month' THEN substr({day}, 1, 7) || '~'"
        " WHEN 'about_year' THEN substr({day}, 1, 4) || '~' ELSE {day} END"
    )

    def __init__(self, date, precision=None, last=None, **extra):
        super().__init__(*([date] if precision is None else [date, precision, last]), **extra)
        if precision is not None:
            self.sqlite = self.forms.format(day="{0}", before="date({0}, '-1 day')", last="{2}")
            self.postgresql = self.forms.format(day="{0}::text", before="({0} - 1)::text", last="{2}::text")


class IsoInstant(CellExpression):
    """An instant in UTC with six digits after the second: 2025-02-18T17:30:00.123456Z."""

    # Whole seconds are stored without a fraction.
    sqlite = "substr(replace({0}, ' ', 'T') || '.000000', 1, 26) || 'Z'"
    postgresql = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    quotable = False


class IsoTime(CellExpression):
    """A time of day, to the minute: 14:30."""

    sqlite = "substr({0}, 1, 5)"
    postgresql = "substr({0}::text, 1, 5)"
    quotable = False


class PlainJoined(JsonListOf):
    """All rows of a queryset of one text column, which may use OuterRef, in order, in one cell."""

    sqlite = of_members(f"group_concat({_member('text')}, '; ')", "nullif(text, '')")
    postgresql = of_members(f"string_agg({_member('text')}, '; ')", "nullif(text, '')")
    is_json = False


class Joined(PlainJoined):
    """The same, guarded."""

    sqlite = of_members(f"group_concat({_member('text')}, '; ')", _guard("text", "unicode"))
    postgresql = of_members(f"string_agg({_member('text')}, '; ')", Guarded.postgresql.format("text"))


_NAMES = {
    "sqlite": f"SELECT group_concat({_member('value')}, '; ') FROM json_each({{0}})",
    "postgresql": f"SELECT string_agg({_member('value')}, '; ' ORDER BY ordinality)"
    " FROM jsonb_array_elements_text({0}) WITH ORDINALITY",
}


class PlainJsonJoined(CellExpression):
    """A JSON list of texts in one cell, in its order."""

    sqlite = f"nullif(({_NAMES['sqlite']}), '')"
    postgresql = f"nullif(({_NAMES['postgresql']}), '')"


class JsonJoined(CellExpression):
    """The same, guarded."""

    sqlite = f"(WITH joined(text) AS ({_NAMES['sqlite']}) SELECT {_guard('text', 'unicode')} FROM joined)"
    _guarded = Guarded.postgresql.format("text")
    postgresql = f"(WITH joined(text) AS ({_NAMES['postgresql']}) SELECT {_guarded} FROM joined)"


class JsonList(CellExpression):
    """An unchanged JSON list of texts."""

    sqlite = "json({0})"
    postgresql = "{0}::text"
    is_json = True


_TEXT = {
    "sqlite": "json_extract(value, '$[0]') || ': ' || json_extract(value, '$[1]')",
    "postgresql": "(value ->> 0) || ': ' || (value ->> 1)",
}
_TEXTS = {
    "sqlite": f"(SELECT {_TEXT['sqlite']} AS text FROM json_each({{0}}))",
    "postgresql": f"(SELECT ordinality, {_TEXT['postgresql']} AS text"
    " FROM jsonb_array_elements({0}) WITH ORDINALITY) AS other",
}


class Texts(CellExpression):
    """A JSON list of [language, text] as “fa: ...; de: ...”, which begins with a letter and needs no guard."""

    sqlite = f"(SELECT group_concat({_member('text')}, '; ') FROM {_TEXTS['sqlite']})"
    postgresql = (
        f"(SELECT string_agg({_member('text')}, '; ' ORDER BY ordinality) FROM {_TEXTS['postgresql']})"
    )


class JsonTexts(CellExpression):
    """The same as a JSON list."""

    sqlite = f"(SELECT json_group_array(text) FROM {_TEXTS['sqlite']})"
    postgresql = (
        f"(SELECT coalesce(json_agg(text ORDER BY ordinality)::text, '[]') FROM {_TEXTS['postgresql']})"
    )
    is_json = True


def may_need_quotes(expression) -> bool:
    """Whether the text of a selected `expression` may need quoting in CSV."""
    if isinstance(expression, CellExpression):
        return expression.quotable
    return isinstance(expression.output_field, CharField | TextField)

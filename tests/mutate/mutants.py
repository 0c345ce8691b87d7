"""The mutants of a module: every small fault that a slip of the hand could leave in it, text aside."""

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
NAMES = {"min": "max", "any": "all", "first": "last", "asc": "desc", "Greatest": "Least"}
NAMES |= {other: name for name, other in NAMES.items()}
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt", "startswith": "endswith"}
NARROWING = {"filter", "exclude", "distinct", "reverse", "order_by", "latest_first", "at", "visible_to"}
"""Methods of querysets without which a query still runs, and answers otherwise."""
TEXTS = {"help_text", "verbose_name", "verbose_name_plural", "label", "violation_error_message", "message"}
"""Keywords and names that hold words for people."""
OF_TYPE = re.compile(r"[A-Z][a-z]\w*")
LOOKUP = re.compile(rf"__({'|'.join(LOOKUPS)})$")


@dataclass(frozen=True)
class Mutant:
    """One fault: in the bytes of a source, those from `start` to `end` are replaced by `text`."""

    line: int
    start: int
    end: int
    text: str
    what: str
    """What was done, for people."""

    def applied(self, source: bytes) -> bytes:
        """`source` with the fault."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def compiles(self, source: bytes) -> bool:
        """Whether `source` with the fault can still be run."""
        try:
            ast.parse(self.applied(source))
        except SyntaxError:
            return False
        return True


@functools.cache
def mutants(source: bytes) -> list[Mutant]:
    """Every mutant of `source`, in the order of its lines; a few may not compile."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = {}
    for node, text, what in _faults(ast.parse(source)):
        start, end = (
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
        )
        found.setdefault((start, end, text), Mutant(node.lineno, start, end, text, what))
    return [found[place] for place in sorted(found)]


def _faults(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """(The node to replace, by which code, in words what that does) for all faults of `node` and what is in it."""
    if _is_text(node):
        return
    for make in (_expression, _call, _literal, _members, _statement):
        yield from make(node)
    annotations = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
    for child in ast.iter_child_nodes(node):
        if id(child) not in annotations:
            yield from _faults(child)


def _is_text(node: ast.AST) -> bool:
    """Whether `node` is a docstring, a message or a label, or a name for a type, which only annotations use."""
    if isinstance(node, ast.keyword):
        return node.arg in TEXTS
    if isinstance(node, ast.Assign):
        name = ast.unparse(node.targets[0])
        return name in TEXTS or (isinstance(node.value, ast.Subscript) and bool(OF_TYPE.fullmatch(name)))
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and " " in part.value for part in node.values)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _code(node: ast.AST) -> str:
    """`node` as code that can stand wherever an expression can."""
    return f"({ast.unparse(node)})"


def _expression(node):
    """Comparisons, operators, conditions and what is negated."""
    match node:
        case ast.Compare(left, [*ops], comparators):
            for place, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    changed = ast.Compare(left, [*ops[:place], other(), *ops[place + 1 :]], comparators)
                    yield node, _code(changed), f"{type(op).__name__} became {other.__name__}"
        case ast.BoolOp(op, values):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield node, _code(ast.BoolOp(other(), values)), f"{type(op).__name__} became {other.__name__}"
            for place, value in enumerate(values):
                left = [*values[:place], *values[place + 1 :]]
                changed = ast.BoolOp(op, left) if len(left) > 1 else left[0]
                yield node, _code(changed), f"dropped `{ast.unparse(value)}`"
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            other = OPERATORS[type(op)]
            yield node, _code(ast.BinOp(left, other(), right)), f"{type(op).__name__} became {other.__name__}"
        case ast.UnaryOp(ast.Not() | ast.Invert() | ast.USub(), operand):
            yield node, _code(operand), f"dropped {type(node.op).__name__}"
        case ast.If(test) | ast.IfExp(test) | ast.While(test) if not isinstance(test, ast.UnaryOp):
            yield test, _code(ast.UnaryOp(ast.Not(), test)), "negated the condition"
        case ast.comprehension(ifs=[*conditions]):
            for condition in conditions:
                yield condition, "True", f"dropped `if {ast.unparse(condition)}`"


def _call(node):
    """What is called, and with which keywords."""
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name in NAMES:
            changed = (
                ast.Name(NAMES[name])
                if isinstance(node, ast.Name)
                else ast.Attribute(node.value, NAMES[name])
            )
            yield node, ast.unparse(changed), f"{name} became {NAMES[name]}"
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr in NARROWING:
        yield node, ast.unparse(node.func.value), f"dropped .{node.func.attr}()"
    for place, keyword in enumerate(node.keywords):
        if keyword.arg in TEXTS:
            continue
        others = [*node.keywords[:place], *node.keywords[place + 1 :]]
        yield node, ast.unparse(ast.Call(node.func, node.args, others)), f"dropped `{ast.unparse(keyword)}`"
        if keyword.arg and (match := LOOKUP.search(keyword.arg)):
            arg = f"{keyword.arg[: match.start(1)]}{LOOKUPS[match[1]]}"
            changed = ast.Call(node.func, node.args, [*others, ast.keyword(arg, keyword.value)])
            yield node, ast.unparse(changed), f"{keyword.arg} became {arg}"


def _literal(node):
    """Numbers and truths, lookups and orders in strings."""
    match node:
        case ast.Constant(bool() as value):
            yield node, str(not value), f"{value} became {not value}"
        case ast.Constant(int() as value):
            for other in (value + 1, value - 1):
                yield node, f"({other})", f"{value} became {other}"
        case ast.Constant(str() as value):
            other = value[1:] if re.fullmatch(r"-\w+", value) else LOOKUP.sub(_swapped, value)
            if other != value:
                yield node, repr(other), f"{value!r} became {other!r}"
        case ast.JoinedStr(values):
            for part in values:
                other = LOOKUP.sub(_swapped, part.value) if isinstance(part, ast.Constant) else ""
                if isinstance(part, ast.Constant) and other != part.value:
                    changed = [ast.Constant(other) if one is part else one for one in values]
                    yield node, ast.unparse(ast.JoinedStr(changed)), f"{part.value} became {other}"


def _members(node):
    """Members of tuples, sets, lists and dicts."""
    match node:
        case ast.Tuple(elts, ast.Load()) | ast.List(elts, ast.Load()) if elts:
            for place, one in enumerate(elts):
                others = [*elts[:place], *elts[place + 1 :]]
                yield node, _code(type(node)(others, ast.Load())), f"dropped `{ast.unparse(one)}`"
        case ast.Set(elts) if len(elts) > 1:
            for place, one in enumerate(elts):
                yield (
                    node,
                    _code(ast.Set([*elts[:place], *elts[place + 1 :]])),
                    f"dropped `{ast.unparse(one)}`",
                )
        case ast.Dict(keys, values):
            for place, value in enumerate(values):
                changed = ast.Dict(
                    [*keys[:place], *keys[place + 1 :]], [*values[:place], *values[place + 1 :]]
                )
                yield node, _code(changed), f"dropped the entry of `{ast.unparse(keys[place] or value)}`"


def _swapped(match: re.Match) -> str:
    return f"__{LOOKUPS[match[1]]}"


def _statement(node):
    """Statements that are left out, values that are not returned, decorators that are gone."""
    match node:
        case ast.Expr(ast.Call() | ast.Await()) | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield node, "pass", f"left out `{ast.unparse(node).splitlines()[0]}`"
        case ast.Assign([ast.Attribute() | ast.Subscript(), *_]):
            yield node, "pass", f"left out `{ast.unparse(node).splitlines()[0]}`"
        case ast.Return(ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, "return None", f"returned None instead of `{ast.unparse(value).splitlines()[0]}`"
        case ast.Continue():
            yield node, "break", "continue became break"
        case ast.Break():
            yield node, "continue", "break became continue"
        case ast.FunctionDef(decorator_list=[*decorators]) | ast.ClassDef(decorator_list=[*decorators]):
            for decorator in decorators:
                # The sign before it stays, and needs something that changes nothing.
                yield decorator, "(lambda it: it)", f"dropped @{ast.unparse(decorator)}"

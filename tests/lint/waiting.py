"""Tests in a browser wait for what they read: a page may still be on its way when the next line runs."""

import ast

from tests.lint.tree import finding

# The driver's ways of reading a page as it is at this moment; `expect` asks again until it is so.
UNWAITED = {
    "all_inner_texts", "all_text_contents", "count", "inner_html", "inner_text", "input_value", "is_checked",
    "is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible", "text_content", "wait_for_timeout",
}  # fmt: skip


def unwaited(source):
    """The calls in `source` that read a page without waiting: (line, name); a loop that asks again may use any."""
    tree = ast.parse(source)
    polled = {id(inner) for loop in ast.walk(tree) if isinstance(loop, ast.While) for inner in ast.walk(loop)}
    return [
        (call.lineno, call.func.attr)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in UNWAITED and id(call) not in polled and "objects" not in ast.unparse(call.func)
    ]


def tests_in_a_browser_wait_for_what_they_read(root):
    for path in sorted((root / "tests" / "browser").glob("*.py")):
        for line, name in unwaited(path.read_text()):
            yield finding(root, path, line, f"{name} does not wait for the page; `expect` does")


CHECKS = (tests_in_a_browser_wait_for_what_they_read,)

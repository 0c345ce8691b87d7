"""Tests in a browser wait for what they read: a page may still be on its way when the next line runs."""

import ast
from pathlib import Path

import pytest

BROWSER = Path(__file__).resolve().parents[1] / "browser"
# The driver's ways of reading a page as it is at this moment; `expect` asks again until it is so.
UNWAITED = {
    "all_inner_texts", "all_text_contents", "count", "inner_html", "inner_text", "input_value", "is_checked",
    "is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible", "text_content", "wait_for_timeout",
}  # fmt: skip


def unwaited(source):
    """The lines of `source` that read a page without waiting: within a loop that asks again, any may be asked."""
    tree = ast.parse(source)
    polled = {id(inner) for loop in ast.walk(tree) if isinstance(loop, ast.While) for inner in ast.walk(loop)}
    return [
        f"{call.lineno}: {call.func.attr}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in UNWAITED and id(call) not in polled and "objects" not in ast.unparse(call.func)
    ]


@pytest.mark.parametrize("path", sorted(BROWSER.glob("*.py")), ids=lambda path: path.name)
def test_a_test_in_a_browser_reads_no_page_that_may_not_be_there_yet(path):
    assert unwaited(path.read_text()) == []


def test_a_read_that_does_not_wait_is_found():
    assert unwaited('page.click("a")\nassert page.locator("th").all_inner_texts() == []') == [
        "2: all_inner_texts"
    ]
    assert unwaited("while not held:\n    page.wait_for_timeout(9)") == []
    assert (
        unwaited("expect(page.locator('th')).to_have_text([])\nassert Party.objects.all().count() == 1") == []
    )

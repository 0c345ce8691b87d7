"""What an operator can set or call is in the guide."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text()
COMMANDS = sorted(path.stem for path in (ROOT / "tracker/management/commands").glob("[a-z]*.py"))


def settings_read():
    """Every name that the settings read from the environment; a secret can come from a file too."""
    for node in ast.walk(ast.parse((ROOT / "tracker/settings.py").read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("env"):
            yield node.args[0].value
            if node.func.id in {"env_secret", "env_database"}:
                yield f"{node.args[0].value}_FILE"


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_is_in_the_guide(name):
    assert re.search(rf"^\| `{name}` \| .+ \| .+ \|$", GUIDE, re.MULTILINE)


def test_the_guide_lists_no_setting_that_is_gone():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE)) == set(settings_read())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_guide(name):
    assert re.search(rf"^\| `manage\.py {name}\b.*` \| .+ \|$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("document", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_links_between_the_documents_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target

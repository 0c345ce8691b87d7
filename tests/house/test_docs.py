"""What can be set, called and recorded is in the documents, and what they point at is there."""

import ast
import re
from pathlib import Path

import pytest
from django.utils.html import escape

from tracker.models.vocabularies import TITLES, UserRole
from tracker.register import PARTS, RECORD_TYPES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text()
DOMAIN = (ROOT / "docs" / "domain.md").read_text()
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
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


@pytest.mark.parametrize("kind", [*RECORD_TYPES, *PARTS], ids=lambda kind: kind.url_name)
def test_every_record_type_is_in_the_domain(kind):
    assert re.search(rf"^\| `{kind.model.__name__}` \| .+ \| `/{kind.path}/` \|$", DOMAIN, re.MULTILINE)


def test_the_domain_lists_no_record_type_that_is_gone():
    paths = re.findall(r"^\| `\w+` \| .+ \| `/([a-z-]+)/` \|$", DOMAIN, re.MULTILINE)
    assert sorted(paths) == sorted(kind.path for kind in (*RECORD_TYPES, *PARTS))


@pytest.mark.parametrize("vocabulary", TITLES, ids=lambda vocabulary: vocabulary.__name__)
def test_every_vocabulary_is_in_the_domain_with_its_codes_in_order(vocabulary):
    codes = ", ".join(f"`{code}`" for code in vocabulary.values)
    assert f"| {TITLES[vocabulary]} | {codes} |" in DOMAIN


@pytest.mark.django_db
def test_every_code_is_in_the_codebook_with_its_sentence(client, alice):
    client.force_login(alice)
    codebook = client.get("/codebook/").content.decode()
    for vocabulary in TITLES:
        if vocabulary is not UserRole:
            for code in vocabulary:
                assert f"<code>{code.value}</code>" in codebook and escape(code.sentence) in codebook


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_are_there(document):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_every_picture_is_shown_somewhere():
    shown = "".join(document.read_text() for document in DOCUMENTS)
    for picture in (ROOT / "docs" / "pictures").glob("*.png"):
        assert f"pictures/{picture.name})" in shown, picture.name


def test_every_picture_is_one_that_is_taken_anew():
    taken = ast.parse((ROOT / "tests/browser/screenshots.py").read_text())
    views = next(node.value for node in taken.body if ast.unparse(node).startswith("VIEWS"))
    assert {f"{key.value}.png" for key in views.keys} == {
        path.name for path in (ROOT / "docs/pictures").iterdir()
    }


@pytest.mark.parametrize("name", ["run", "test", "mutate", "screenshots", "bench"])
def test_make_offers_what_the_documents_name(name):
    assert re.search(rf"^{name}:.* ## ", (ROOT / "Makefile").read_text(), re.MULTILINE)

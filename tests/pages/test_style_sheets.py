"""Style sheets: one link on each kind of page, and in the file it leads to every source, as it is now."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import reverse

from tests import factories as make

CSS = settings.BASE_DIR / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
SOURCES = sorted(CSS.glob("*/*.css"))


def linked(html):
    return [link["href"] for link in BeautifulSoup(html, "lxml").select("link[rel=stylesheet]")]


def found(name):
    """The text that a server of static files sends for the style sheet `name`."""
    with open(finders.find(f"css/{name}")) as file:
        return file.read()


@pytest.fixture
def folder(tmp_path, settings):
    """An own folder of static files, with a style sheet that imports two others, one of them for paper."""
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "css" / "parts").mkdir(parents=True)
    (tmp_path / "css" / "probe.css").write_text('@import "parts/a.css";\n@import "parts/b.css" print;\n')
    (tmp_path / "css" / "parts" / "a.css").write_text("a {\n  color: red;\n}\n")
    (tmp_path / "css" / "parts" / "b.css").write_text("b {\n  color: black;\n}\n")
    finders.get_finder.cache_clear()
    yield tmp_path / "css" / "parts"
    finders.get_finder.cache_clear()


def test_each_kind_of_page_links_one_style_sheet(client, alice):
    item = make.PrincipleFactory()
    process = item.process.get_absolute_url()
    pages = ["/", "/demands/", item.get_absolute_url(), process, f"{process}positions/", "/developments/new/"]
    texts = [client.get(reverse("account_login")).content.decode()]
    client.force_login(alice)
    texts += [client.get(page).content.decode() for page in [*pages, "/search/?q=a", "/nowhere/"]]
    for text in [*texts, render_to_string("500.html")]:
        assert linked(text) == ["/static/css/site.css"]


def test_each_kind_of_page_of_the_admin_links_one_style_sheet_of_ours(client, dave):
    client.force_login(dave)
    party = make.PartyFactory()
    parties = "/admin/tracker/party/"
    pages = ["", "add/", f"{party.pk}/change/", f"{party.pk}/history/", f"{party.pk}/delete/"]
    for page in ["/admin/", *(parties + page for page in pages)]:
        links = linked(client.get(page).content.decode())
        assert [link for link in links if "/admin/" not in link] == ["/static/css/admin.css"], page
        # After the stock styles for the frame, lists and forms, which it changes.
        before = links[: links.index("/static/css/admin.css")]
        stock = {f"/static/admin/css/{name}.css" for name in ("base", "changelists", "forms", "dashboard")}
        assert not stock & {*links} - {*before}, page


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(CSS)))
def test_every_source_is_part_of_what_is_sent(source):
    rules = source.read_text()
    assert any(rules in found(sheet.name) for sheet in SHEETS)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_nothing_is_left_to_be_loaded_after_it(sheet):
    assert not re.search(r"@import|url\(", found(sheet.name))


def test_rules_for_paper_are_for_paper_only(folder):
    assert found("probe.css") == "a {\n  color: red;\n}\n@media print {\nb {\n  color: black;\n}\n}\n"


def test_a_change_of_a_source_is_sent_at_once(folder):
    assert "color: red" in found("probe.css")
    (folder / "a.css").write_text("a {\n  color: blue;\n}\n")
    assert "color: blue" in found("probe.css") and "color: red" not in found("probe.css")


def test_a_source_is_not_sent_by_itself(folder):
    assert finders.find("css/parts/a.css") is None


def test_collected_sheets_are_named_by_what_their_sources_say(folder, tmp_path_factory):
    def collected():
        target = tmp_path_factory.mktemp("static")
        manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        with override_settings(
            STATIC_ROOT=target,
            STATICFILES_FINDERS=["tracker.style_sheets.StaticFilesFinder"],
            STORAGES={"staticfiles": manifest},
        ):
            call_command("collectstatic", verbosity=0, interactive=False)
        return {file.name for file in (target / "css").rglob("*.css")} - {"probe.css"}

    before = collected()
    (folder / "b.css").write_text("b {\n  color: gray;\n}\n")
    after = collected()
    assert len(before) == len(after) == 1 and before != after
    assert re.fullmatch(r"probe\.\w{12}\.css", after.pop())

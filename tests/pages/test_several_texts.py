"""A wording that is authentic in several languages: every text with its language, wherever a wording is shown."""

import datetime as dt

import pytest

from tests import factories as make
from tests.admin.pages import typed
from tests.admin.pages import url as admin_url
from tests.corrections import correct
from tests.pages.filling import errors, sent, submit
from tests.pages.reading import Page
from tracker.models import Development, Effect

ENGLISH, PERSIAN = ("en", "shall close the site"), ("fa", "سایت را ببندد")
EARLIER = (("en", "may close the site"), ("fa", "شاید سایت را ببندد"))


def worded(item, *texts, **options):
    """A development that sets `texts`, pairs of language and words, as the wording of `item`."""
    effects = [
        make.EffectFactory.build(item=item, wording=words, wording_language=language)
        for language, words in texts
    ]
    return make.DevelopmentFactory(effects=effects, **options)


@pytest.fixture
def scene(client, bob):
    """A talk with an item of each other kind, all worded in two languages, and worded otherwise the day before."""
    client.force_login(bob)
    talk = make.TalkFactory(title="First round")
    process = talk.process
    of_talk = {"process": process, "talk": talk}
    items = {
        "principle": make.PrincipleFactory(title="Closure", **of_talk),
        "demand": make.DemandFactory(title="A closed site", **of_talk),
        "follow_up": make.FollowUpFactory(title="A visit", **of_talk),
        "talk": talk,
    }
    for item in [*items.values()]:
        worded(item, *EARLIER, occurred_on=dt.date(2025, 3, 1))
        items[item.item_kind, "said"] = worded(item, ENGLISH, PERSIAN, occurred_on=dt.date(2025, 3, 2))
    return items


def texts_shown(soup, words):
    """(language, direction, name of the language beside it) for each place where `words` are shown by themselves."""
    shown = []
    for found in soup.find_all(string=lambda text: text.strip() == words):
        marked = next(tag for tag in found.parents if tag.has_attr("lang"))
        directed = next(tag for tag in found.parents if tag.has_attr("dir"))
        named = marked.find_next_sibling(class_="aside")
        shown.append((marked["lang"], directed["dir"], named.get_text() if named else ""))
    return shown


ADDRESSES = {
    "an item": "/principles/{principle}/",
    "a talk": "/talks/{talk}/",
    "the state of play": "/processes/{process}/",
    "the agreement grid": "/processes/{process}/agreement/",
    "follow-ups": "/processes/{process}/follow-ups/",
    "the timeline": "/processes/{process}/timeline/",
    "a party": "/parties/{party}/",
}


def test_both_texts_are_shown_with_their_languages(client, scene):
    refs = {name: item.ref for name, item in scene.items() if isinstance(name, str)}
    refs |= {"process": scene["talk"].process.ref, "party": scene["demand"].party.ref}
    for name, address in ADDRESSES.items():
        page = Page(client, address.format(**refs))
        assert set(texts_shown(page.soup, PERSIAN[1])) == {("fa", "auto", "Persian")}, name
        assert set(texts_shown(page.soup, ENGLISH[1])) == {("en", "auto", "English")}, name


def test_what_changed_is_shown_for_each_language_apart(client, scene):
    process = scene["talk"].process
    for address in (
        f"/processes/{process.ref}/compare/?from=2025-03-01&to=2025-03-02",
        scene["principle", "said"].get_absolute_url(),
    ):
        page = Page(client, address)
        changed = {
            tag["lang"]: [each.get_text(strip=True) for each in tag.select("del, ins")]
            for tag in page.soup.select(":is(.difference, .made .wording) [lang]")
        }
        assert changed == {"en": ["may", "shall"], "fa": ["شاید"]}


def test_a_text_that_only_one_of_two_wordings_has_is_shown_as_new_or_gone(client, bob):
    client.force_login(bob)
    item = make.DemandFactory()
    worded(item, ("", "may close the site"), PERSIAN, occurred_on=dt.date(2025, 3, 1))
    later = worded(item, ENGLISH, ("ru", "закрыть"), occurred_on=dt.date(2025, 3, 2))
    shown = {
        tag.get("lang"): [str(each) for each in tag.select("del, ins")]
        for tag in Page(client, later.get_absolute_url()).soup.select(".made .wording > [dir]")
    }
    assert shown == {
        "en": ["<ins>shall close the site</ins>"],
        "ru": ["<ins>закрыть</ins>"],
        None: ["<del>may close the site</del>"],
        "fa": [f"<del>{PERSIAN[1]}</del>"],
    }


def test_a_development_is_recorded_corrected_and_read_back_with_both_texts(client, scene):
    item = scene["demand"]
    rows = {
        "effects-0-item": item.ref, "effects-0-status": "met", "effects-0-wording": "is closed",
        "effects-0-wording_language": "en", "effects-1-item": item.ref, "effects-1-wording": "بسته شد",
        "effects-1-wording_language": "fa",
    }  # fmt: skip
    said = {
        "process": item.process.title, "occurred_on": "2025-03-05", "kind": "statement", "speech_act": "states",
        "party": item.party.name, "basis": "own_words", "headline": "It is closed", "effects-TOTAL_FORMS": "2",
    }  # fmt: skip
    wrong = submit(client, "/developments/new/", **said, **rows, **{"effects-1-status": "met"})
    assert errors(wrong) == [
        "Effect 2, Status: A row with the wording in another language sets nothing else: leave this to the other row."
    ]
    nothing = submit(client, "/developments/new/", **said, **rows | {"effects-1-wording": ""})
    assert any(
        line.startswith("Effect 2, Wording language: A language is that of a wording")
        for line in errors(nothing)
    )
    unknown = submit(
        client, "/developments/new/", **said, **rows | {"effects-0-wording_language": "xx-nonsense"}
    )
    assert errors(unknown) == [
        "Effect 1, Wording language: “xx-nonsense” is not the code of a language. Write one such as en, fa or zh-Hant."
    ]
    assert submit(client, "/developments/new/", **said, **rows).status_code == 302
    development = Development.objects.get(headline="It is closed")
    form = sent(client.get(f"/developments/{development.ref}/edit/"))
    assert [form[f"effects-{row}-wording_language"] for row in (0, 1)] == [["en"], ["fa"]]
    correct(development, effects=None, detail="With both texts.")
    page = Page(client, item.get_absolute_url())
    assert ("fa", "auto", "Persian") in texts_shown(page.soup, "بسته شد")


def test_the_admin_has_a_row_for_each_text(client, dave, scene):
    client.force_login(dave)
    said = scene["demand", "said"]
    page = client.get(admin_url(Development, "change", said.pk))
    form = typed(page)
    assert [form[f"effects-{row}-wording_language"] for row in (0, 1)] == ["en", "fa"]
    form |= {
        "effects-1-wording": "بسته شد",
        "effects-1-status": "met",
        "reason": "recoded",
        "effects-0-status": "met",
    }
    refused = client.post(admin_url(Development, "change", said.pk), form)
    assert b"sets nothing else" in refused.content
    form["effects-1-status"] = ""
    assert client.post(admin_url(Development, "change", said.pk), form).status_code == 302
    assert set(Effect.objects.filter(development__ref=said.ref, ended_at=None).values_list("wording", "status")) == {
        ("shall close the site", "met"), ("بسته شد", None),
    }  # fmt: skip


def test_search_finds_each_text(client, scene):
    for words in ("shall close", PERSIAN[1]):
        assert "A closed site" in Page(client, "/search/?q=" + words).text()

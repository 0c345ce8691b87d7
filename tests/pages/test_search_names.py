"""What is called by the words asked for: the box offers it while one types, and the search shows it first."""

import pytest

from tests import factories as make
from tests.pages.reading import Words
from tests.pages.test_search import desk, names  # noqa: F401
from tracker import recording

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_the_box_offers_names_and_aliases(desk):  # noqa: F811
    person = make.PersonFactory(name="Sergey Lavrov", aliases=["Лавров"])
    make.DevelopmentFactory(headline="Lavrov speaks")
    make.PartyFactory(name="Russia", description="The country of Лавров")
    for typed in ("лавр", "lavrov serg", "ла"):
        offered = desk.get("/search/suggestions/", {"q": typed}).text
        assert person.get_absolute_url() in offered and "speaks" not in offered and "Russia" not in offered
    assert "Russia" in desk.get("/search/?q=лавров").text
    make.PartyFactory(name="Q.E.F. Fund", aliases=["G-7"])
    for typed, is_offered in (("q.e", True), ("Q.E.F.", True), ("g-7", True), ("g", False), ("7", False)):
        assert ("Fund" in desk.get("/search/suggestions/", {"q": typed}).text) == is_offered, typed
    assert 'id="search-box"' in desk.get("/").text


def test_a_word_of_one_letter_is_offered_behind_others_if_it_is_whole(desk):  # noqa: F811
    for name in ("Ångström Ø", "AT&T", "Vitamin D Alliance"):
        url = make.PartyFactory(name=name).get_absolute_url()
        assert url in desk.get("/search/suggestions/", {"q": name.removesuffix(" Alliance")}).text, name
    make.PartyFactory(name="Alpha Delta")
    assert "Alliance" not in desk.get("/search/suggestions/", {"q": "d"}).text
    assert "Delta" not in desk.get("/search/suggestions/", {"q": "alpha d"}).text


def test_an_input_offers_a_name_by_its_words_without_apostrophe_too(desk):  # noqa: F811
    make.PartyFactory(name="Al-Qa’ida", description="Also in Mali")
    for typed, is_offered in (("qaida", True), ("Al Qaid", True), ("qa'ida", True), ("mali", False)):
        assert ("Qa’ida" in desk.get("/options/party/", {"q": typed}).text) == is_offered, typed


def test_of_very_many_hits_the_newest_are_ranked_and_names_are_found_whenever_recorded(
    desk,  # noqa: F811
    monkeypatch,
    restricted_process,
):
    monkeypatch.setattr("tracker.search.page.RANKED", 2)
    process = make.ProcessFactory()
    make.PartyFactory(name="Quagga")
    for number in range(4):
        make.DevelopmentFactory(process=process, headline=f"Quagga {number}")
    # What the reader may not see takes nobody's place.
    make.DevelopmentFactory.create_batch(3, process=restricted_process, headline="Quagga, in secret")
    assert names(desk, "quagga") == ["Quagga", "Quagga 2", "Quagga 3"]


def test_what_is_called_just_so_comes_first_however_often_it_was_changed(desk, bob):  # noqa: F811
    process = make.ProcessFactory(title="Talks")
    for number in range(9):
        make.DemandFactory(process=process, title=f"Quagga {number}")
    party = make.PartyFactory(name="Quagga", aliases=["Q.U."])
    party.aliases = ["Q.U.", "The Quagga"]
    recording.save(bob, party)
    for typed in ("quagga", "the QUAGGA", "Q.U."):
        offered = desk.get("/search/suggestions/", {"q": typed})
        assert Words(offered).links("a")[0] == party.get_absolute_url(), typed
        assert names(desk, typed)[0] == "Quagga"

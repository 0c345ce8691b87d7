"""Where a round of talks took place: the country once, however it is spelt, and no city in a country not its own."""

import pytest

from tests.loaders.files import counts
from tracker.loaders.countries import iso_code
from tracker.loaders.mend.places import place_in
from tracker.models import Talk

ONCE = {
    ("Lima", "PER"): "Lima, Peru",
    ("Lima, Peru", "PER"): "Lima, Peru",
    ("Lima, PERU", "Peru"): "Lima, Peru",
    ("Lima, PER", "PER"): "Lima, Peru",
    ("Lima, pe", "PER"): "Lima, Peru",
    ("Lima (Peru)", "PER"): "Lima, Peru",
    ("Lima/Peru", "PER"): "Lima, Peru",
    ("Lima, Peru, Peru", "PER"): "Lima, Peru",
    ("Lima, Peru", ""): "Lima, Peru",
    ("Bouaké, Côte d’Ivoire", "CIV"): "Bouaké, Côte d'Ivoire",
    ("Bouaké, cote d'ivoire", "Ivory Coast"): "Bouaké, Côte d'Ivoire",
    ("Bouaké", "C√¥te d‚ÄôIvoire"): "Bouaké, Côte d'Ivoire",
    ("Izmir, Türkiye", "TUR"): "Izmir, Turkey",
    ("Shiraz, Iran, Islamic Republic of", "IRN"): "Shiraz, Iran",
    ("Seattle, USA", "USA"): "Seattle, United States",
    ("Seattle, U.S.", "United States of America"): "Seattle, United States",
    ("Savannah, Georgia, United States", "USA"): "Savannah, Georgia, United States",
    ("Hargeisa", "Somaliland"): "Hargeisa, Somaliland",
    # A country alone, or a city that bears its name.
    ("Peru", "PER"): "Peru",
    ("Holy See (Vatican City State)", "VAT"): "Holy See",
    ("Djibouti, Djibouti", "DJI"): "Djibouti",
    ("Singapore", "SGP"): "Singapore",
    ("Luxembourg", "Luxembourg"): "Luxembourg",
    ("Monaco", "MCO"): "Monaco",
    ("San Marino", "SMR"): "San Marino",
    ("Kuwait", "KWT"): "Kuwait",
    ("Kuwait City", "KWT"): "Kuwait City, Kuwait",
    ("Port Sudan", "SDN"): "Port Sudan, Sudan",
    # Several.
    ("Lima; Oslo", "PER; NOR"): "Lima, Peru; Oslo, Norway",
    ("Lima, Peru; Oslo, Norway", "PER;NOR"): "Lima, Peru; Oslo, Norway",
    ("Lima, Peru, Oslo, Norway", ""): "Lima, Peru; Oslo, Norway",
    ("Lima; Cusco", "PER"): "Lima and Cusco, Peru",
    ("Peru; Cusco", "PER"): "Cusco, Peru",
    ("Peru; Norway", "PER;NOR"): "Peru; Norway",
    # None.
    ("unknown", "PER"): "",
    ("Virtual", ""): "Virtual",
    ("", "PER"): "",
}


@pytest.mark.parametrize(("cells", "place"), ONCE.items(), ids=repr)
def test_a_place_names_its_country_once(cells, place):
    notes = []
    assert place_in(*cells, ["Peru"], notes) == place
    assert notes == []


@pytest.mark.parametrize("city", ["Tripoli", "Tripoli, Lebanon", "TRIPOLI, LBN", "Tripoli (Lebanon)"])
def test_a_city_is_not_moved_to_a_country_that_is_not_its_own(city):
    notes = []
    assert place_in(city, "LBN", ["Libya"], notes).casefold() == "tripoli"
    assert "coded as in Lebanon; the country was left out" in notes[0][0] and "is in Libya" in notes[0][1]


def test_a_lesser_city_is_believed_where_the_conflict_is():
    notes = []
    assert place_in("Tripoli", "LBN", ["Lebanon"], notes) == "Tripoli, Lebanon"
    assert place_in("Entebbe", "UGA", ["Sudan"], notes) == "Entebbe, Uganda"
    assert notes == []
    assert place_in("Entebbe", "SDN", ["Sudan"], notes) == "Entebbe"
    assert len(notes) == 1


def test_the_text_is_believed_before_the_column_and_it_is_told():
    notes = []
    assert place_in("Oslo, Norway", "PER", [], notes) == "Oslo, Norway"
    assert place_in("Hargeisa", "XYZ", [], notes) == "Hargeisa"
    assert [detail for _, detail in notes] == ["Oslo, Norway, coded as in Peru", "XYZ"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sao Tome and Principe", "ST"),
        ("SÃO TOMÉ & PRÍNCIPE", "ST"),
        ("Ivory Coast (Côte d'Ivoire)", "CI"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Government of the Republic of Peru", "PE"),
        ("Republic of China", "TW"),
        ("People's Republic of China", "CN"),
        ("Georgia (Abkhazia)", ""),
        ("Libya (2021-) National Unity", ""),
        ("Federal Republic of Yugoslavia", ""),
        ("", ""),
    ],
)
def test_a_country_is_known_by_any_of_its_names(name, code):
    assert iso_code(name) == code


def test_the_report_says_what_was_left_out(mend):
    place = {"med_location - MULTISELECT": "Tripoli, Lebanon", "med_loc_cty": "LBN"}
    printed = mend(place | {"conflict_country": "Libya"})
    assert "1  the place is Tripoli, coded as in Lebanon; the country was left out" in printed
    assert counts(printed)["made"] == 1
    talk = Talk.objects.get()
    assert talk.place == "Tripoli" and "Lebanon" not in talk.title

"""The places of MEND events, each once with its country."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from tracker.loaders.countries import NAMES, iso_code
from tracker.loaders.events import fold, short, some

LONGEST = 200

MISPLACED = "the place is {}, coded as in {}; the country was left out"
CONTRADICTION = "a place names another country than the column for it; the place was believed"
NO_SUCH_COUNTRY = "the country of a place is a code that stands for none; it was left out"

_CITIES = """
AE Abu Dhabi; AE Dubai; AE Sharjah; AF Kabul; AF Kandahar; AF Herat; AM Yerevan; AO Luanda; AR Buenos Aires; AT Vienna
AU Canberra; AZ Baku; BA Sarajevo; BD Dhaka; BE Brussels; BF Ouagadougou; BG Sofia; BH Manama; BI Bujumbura; BJ Cotonou
BR Brasilia; BW Gaborone; BY Minsk; CA Ottawa; CD Kinshasa; CD Goma; CF Bangui; CG Brazzaville; CH Geneva US; CH Bern
CH Davos; CH Montreux; CI Abidjan; CI Yamoussoukro; CM Yaounde; CN Beijing; CO Bogota; CU Havana; CY Nicosia; CZ Prague
DE Berlin; DE Munich; DE Bonn; DJ Djibouti; DK Copenhagen; DZ Algiers; EC Quito; EE Tallinn; EG Cairo; EG Alexandria US
EG Sharm el-Sheikh; EG El Alamein; EG New Alamein; ER Asmara; ES Madrid CO; ES Barcelona VE; ET Addis Ababa; FI Helsinki
FR Paris US; GA Libreville; GB London CA; GE Tbilisi; GH Accra; GN Conakry; GR Athens US; HR Zagreb; HT Port-au-Prince
HU Budapest; ID Jakarta; IE Dublin US; IN New Delhi; IQ Baghdad; IQ Erbil; IR Tehran; IS Reykjavik; IT Rome US
JO Amman; JP Tokyo; KE Nairobi; KG Bishkek; KH Phnom Penh; KP Pyongyang; KR Seoul; KW Kuwait City; KZ Astana; KZ Almaty
LA Vientiane; LB Beirut; LB Naqoura; LK Colombo; LR Monrovia; LS Maseru; LT Vilnius; LV Riga; LY Benghazi; LY Misrata
LY Tripoli LB; MA Rabat; MA Bouznika; MA Skhirat; MD Chisinau; MG Antananarivo; MK Skopje; ML Bamako; MM Naypyidaw
MN Ulaanbaatar; MR Nouakchott; MT Valletta; MY Kuala Lumpur; MZ Maputo; NE Niamey; NG Abuja; NL The Hague; NO Oslo
NP Kathmandu; NZ Wellington; OM Muscat; PE Lima US; PH Manila; PK Islamabad IN; PK Peshawar; PL Warsaw; PS Gaza MZ
PS Gaza City; PS Rafah EG; PS Ramallah; PS West Bank; PT Lisbon; PY Asuncion; QA Doha; RO Bucharest; RS Belgrade
RU Moscow US; RU Kazan; RU Saint Petersburg US; RU St. Petersburg US; RU Sochi; RW Kigali; SA Riyadh; SA Jeddah
SA Mecca; SD Khartoum; SD Port Sudan; SE Stockholm; SI Ljubljana; SK Bratislava; SL Freetown; SN Dakar; SO Mogadishu
SS Juba SD
SY Damascus; SY Aleppo; TD N'Djamena; TG Lome; TH Bangkok; TJ Dushanbe; TM Ashgabat; TN Tunis; TR Ankara; TR Istanbul
TW Taipei; TZ Dar es Salaam; TZ Arusha; UA Kyiv; UG Entebbe; UG Kampala; US Washington GB; US New York; UY Montevideo
UZ Samarkand; UZ Tashkent; VN Hanoi; XK Pristina RS; YE Aden; YE Sanaa; ZA Cape Town; ZA Johannesburg; ZA Pretoria
ZM Lusaka; ZW Harare
"""
"""Where people meet, after the country that the city is in; behind it, countries with a lesser city of that name."""


def _cities() -> dict[str, tuple[str, ...]]:
    cities = {}
    for entry in re.split(r"[;\n]+", _CITIES.strip()):
        home, city, others = re.fullmatch(r"\s*([A-Z]{2}) (.+?)((?: [A-Z]{2})*)\s*", entry).groups()
        cities[fold(city)] = (home, *others.split())
    return cities


CITIES = _cities()


@dataclass(frozen=True)
class Place:
    """A city or region, empty for a whole country, and its country, by alpha-2 code or else by name."""

    city: str
    country: str = ""

    @property
    def country_name(self) -> str:
        """The name of the country."""
        return NAMES.get(self.country, self.country)


def place_in(cell: str, country_cell: str, conflict_countries: Collection[str], notes: list) -> str:
    """The distinct places in `cell`, each with its country from `country_cell` (names or codes).

    Adds to `notes` what was left out and why. A country other than that of the best-known city of the name is only
    accepted if it has a smaller city of that name, and the conflict is there.
    """
    if fold(cell) == "unknown":
        return ""
    coded = _coded(country_cell, notes)
    texts = [" ".join(text.split()) for text in re.split(r"[;\n]+", cell)]
    places = [place for text in texts if text and fold(text) != "unknown" for place in _parse(text, coded)]
    placed = [_placed(place, coded, number, len(places), notes) for number, place in enumerate(places)]
    conflict_codes = {iso_code(name) for name in conflict_countries}
    return short(_written([_believed(place, conflict_codes, notes) for place in placed]), LONGEST)


def _coded(cell: str, notes: list) -> list[str]:
    """The countries in their column, by code, or by name if there is none."""
    whole = iso_code(cell)
    codes = []
    for text in [cell] if whole else filter(None, map(str.strip, re.split(r"[;\n]+", cell))):
        code = iso_code(text)
        if not code and len(text) <= 3:
            notes.append((NO_SUCH_COUNTRY, text))
            continue
        codes.append(code or text)
    return codes


def _parse(text: str, coded: Collection[str]) -> list[Place]:
    """The places in `text`: "Cairo", "Cairo, Egypt", "Cairo (Egypt)", "Egypt", "Cairo, Egypt, Doha, Qatar"."""
    if code := _country(text, coded):
        return [Place("", code)]
    apart = re.fullmatch(r"(.+?)(?:\s*\((.+)\)| [-–] (.+)|/(.+))", text)
    if apart and _country(apart[apart.lastindex], coded):
        text = f"{apart[1]}, {apart[apart.lastindex]}"
    parts = [part.strip() for part in text.split(",") if part.strip()]
    places, city, at = [], [], 0
    while at < len(parts):
        # Try the longest run first, since “Iran, Islamic Republic of” is one country.
        end, code = next(
            (
                (end, code)
                for end in range(len(parts), at, -1)
                if (code := _country(", ".join(parts[at:end]), coded))
            ),
            (at + 1, ""),
        )
        within = _country(", ".join(parts[end:]), coded)  # as Georgia is within the United States
        if code and (city or places) and not (within in coded and code not in coded):
            places.append(Place(", ".join(city), code))
            city = []
        else:
            city += parts[at:end]
        at = end
    if city:
        places.append(Place(", ".join(city)))
    return [_of_country(place, coded) for place in places]


def _of_country(place: Place, coded: Collection[str]) -> Place:
    """`place`, turned into a whole country if its city has the name of the country."""
    code = _country(place.city, coded)
    return Place("", code) if code and place.country in ("", code) else place


def _country(text: str, coded: Collection[str]) -> str:
    """The country in `text`, by name or code; a short word such as “Bol” only counts as a code if the row has it."""
    code = iso_code(text) or (text.upper() if text.upper() in NAMES else "")
    abbreviated = len(text) <= 3 and not (len(text) == 3 and text.isupper())
    return "" if abbreviated and code not in coded and text not in ("US", "UK") else code


def _placed(place: Place, coded: list[str], number: int, places: int, notes: list) -> Place:
    """`place` with its country from `coded`: the only one, or the one at the same position."""
    theirs = coded[number] if len(coded) == places else coded[0] if len(coded) == 1 else ""
    if place.country:
        if theirs and theirs != place.country:
            notes.append((CONTRADICTION, f"{_written([place])}, coded as in {NAMES.get(theirs, theirs)}"))
        return place
    if not theirs or fold(place.city) == "virtual":
        return place
    return (
        Place("", theirs)
        if fold(place.city) == fold(NAMES.get(theirs, theirs))
        else replace(place, country=theirs)
    )


def _believed(place: Place, conflict_codes: set[str], notes: list) -> Place:
    """`place`, without its country if the city cannot be there."""
    home, *lesser = CITIES.get(fold(place.city), (place.country,))
    if place.country == home or not place.country or place.country in conflict_codes.intersection(lesser):
        return place
    notes.append((MISPLACED.format(place.city, place.country_name), f"{place.city} is in {NAMES[home]}"))
    return replace(place, country="")


def _written(places: Iterable[Place]) -> str:
    """All `places` as text, grouped by country: “Cairo and Alexandria, Egypt; Doha, Qatar”."""
    by_country: dict[str, dict[str, str]] = {}
    for place in places:
        key = place.country_name or f" {place.city}"
        cities = by_country.setdefault(key, {})
        if place.city:
            cities.setdefault(fold(place.city), place.city)
    groups = []
    for country, cities in by_country.items():
        named = some(list(cities.values()), len(cities))
        groups.append(", ".join(filter(None, [named, "" if country.startswith(" ") else country])))
    return "; ".join(groups)

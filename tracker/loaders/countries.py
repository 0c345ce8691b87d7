"""Countries by name and ISO 3166-1 code, however a dataset spells them."""

import re
from functools import cache

from tracker.loaders.events import fold

_STATES = """
AD AND Andorra; AE ARE United Arab Emirates; AF AFG Afghanistan; AG ATG Antigua and Barbuda;
AL ALB Albania; AM ARM Armenia; AO AGO Angola; AR ARG Argentina; AT AUT Austria; AU AUS Australia;
AZ AZE Azerbaijan; BA BIH Bosnia and Herzegovina; BB BRB Barbados; BD BGD Bangladesh; BE BEL Belgium;
BF BFA Burkina Faso; BG BGR Bulgaria; BH BHR Bahrain; BI BDI Burundi; BJ BEN Benin; BN BRN Brunei;
BO BOL Bolivia; BR BRA Brazil; BS BHS Bahamas; BT BTN Bhutan; BW BWA Botswana; BY BLR Belarus;
BZ BLZ Belize; CA CAN Canada; CD COD Democratic Republic of Congo; CF CAF Central African Republic;
CG COG Republic of Congo; CH CHE Switzerland; CI CIV Côte d'Ivoire; CL CHL Chile; CM CMR Cameroon;
CN CHN China; CO COL Colombia; CR CRI Costa Rica; CU CUB Cuba; CV CPV Cape Verde; CY CYP Cyprus;
CZ CZE Czechia; DE DEU Germany; DJ DJI Djibouti; DK DNK Denmark; DM DMA Dominica;
DO DOM Dominican Republic; DZ DZA Algeria; EC ECU Ecuador; EE EST Estonia; EG EGY Egypt;
EH ESH Western Sahara; ER ERI Eritrea; ES ESP Spain; ET ETH Ethiopia; FI FIN Finland; FJ FJI Fiji;
FM FSM Micronesia; FR FRA France; GA GAB Gabon; GB GBR United Kingdom; GD GRD Grenada; GE GEO Georgia;
GH GHA Ghana; GM GMB Gambia; GN GIN Guinea; GQ GNQ Equatorial Guinea; GR GRC Greece; GT GTM Guatemala;
GW GNB Guinea-Bissau; GY GUY Guyana; HN HND Honduras; HR HRV Croatia; HT HTI Haiti; HU HUN Hungary;
ID IDN Indonesia; IE IRL Ireland; IL ISR Israel; IN IND India; IQ IRQ Iraq; IR IRN Iran;
IS ISL Iceland; IT ITA Italy; JM JAM Jamaica; JO JOR Jordan; JP JPN Japan; KE KEN Kenya;
KG KGZ Kyrgyzstan; KH KHM Cambodia; KI KIR Kiribati; KM COM Comoros; KN KNA Saint Kitts and Nevis;
KP PRK North Korea; KR KOR South Korea; KW KWT Kuwait; KZ KAZ Kazakhstan; LA LAO Laos; LB LBN Lebanon;
LC LCA Saint Lucia; LI LIE Liechtenstein; LK LKA Sri Lanka; LR LBR Liberia; LS LSO Lesotho;
LT LTU Lithuania; LU LUX Luxembourg; LV LVA Latvia; LY LBY Libya; MA MAR Morocco; MC MCO Monaco;
MD MDA Moldova; ME MNE Montenegro; MG MDG Madagascar; MH MHL Marshall Islands; MK MKD North Macedonia;
ML MLI Mali; MM MMR Myanmar; MN MNG Mongolia; MR MRT Mauritania; MT MLT Malta; MU MUS Mauritius;
MV MDV Maldives; MW MWI Malawi; MX MEX Mexico; MY MYS Malaysia; MZ MOZ Mozambique; NA NAM Namibia;
NE NER Niger; NG NGA Nigeria; NI NIC Nicaragua; NL NLD Netherlands; NO NOR Norway; NP NPL Nepal;
NR NRU Nauru; NZ NZL New Zealand; OM OMN Oman; PA PAN Panama; PE PER Peru; PG PNG Papua New Guinea;
PH PHL Philippines; PK PAK Pakistan; PL POL Poland; PR PRI Puerto Rico; PS PSE Palestine;
PT PRT Portugal; PW PLW Palau; PY PRY Paraguay; QA QAT Qatar; RO ROU Romania; RS SRB Serbia;
RU RUS Russia; RW RWA Rwanda; SA SAU Saudi Arabia; SB SLB Solomon Islands; SC SYC Seychelles;
SD SDN Sudan; SE SWE Sweden; SG SGP Singapore; SI SVN Slovenia; SK SVK Slovakia; SL SLE Sierra Leone;
SM SMR San Marino; SN SEN Senegal; SO SOM Somalia; SR SUR Suriname; SS SSD South Sudan;
ST STP São Tomé and Príncipe; SV SLV El Salvador; SY SYR Syria; SZ SWZ Eswatini; TD TCD Chad;
TG TGO Togo; TH THA Thailand; TJ TJK Tajikistan; TL TLS East Timor; TM TKM Turkmenistan;
TN TUN Tunisia; TO TON Tonga; TR TUR Turkey; TT TTO Trinidad and Tobago; TV TUV Tuvalu; TW TWN Taiwan;
TZ TZA Tanzania; UA UKR Ukraine; UG UGA Uganda; US USA United States; UY URY Uruguay;
UZ UZB Uzbekistan; VA VAT Holy See; VC VCT Saint Vincent and the Grenadines; VE VEN Venezuela;
VN VNM Vietnam; VU VUT Vanuatu; WS WSM Samoa; XK XKX Kosovo; YE YEM Yemen; ZA ZAF South Africa; ZM ZMB Zambia;
ZW ZWE Zimbabwe
"""

_ALSO = """
AE UAE; AE Emirates; BA Bosnia-Herzegovina; BA Bosnia; BN Brunei Darussalam; BO Plurinational State of Bolivia
CD Congo (Kinshasa); CD DRC; CD DR Congo; CD Zaire; CG Congo; CG Congo (Brazzaville); CG Congo-Brazzaville
CI Ivory Coast; CV Cabo Verde; CZ Czech Republic; FM Federated States of Micronesia; GB UK; GB U.K.
GB Great Britain; KP Democratic People's Republic of Korea; KR Republic of Korea
LA Lao People's Democratic Republic; LY Libyan Arab Jamahiriya; MK Macedonia
MK former Yugoslav Republic of Macedonia; MM Burma; PS XGZ; PS XWB; PS Palestinian Territory, Occupied
PS Occupied Palestinian Territory; PS Palestinian Territories; RU Russian Federation; SA KSA
SY Syrian Arab Republic; SZ Swaziland; TL Timor-Leste; TR Türkiye; TW Republic of China
TW Taiwan, Province of China; US US; US U.S.; US U.S.A.; US United States of America; VA Vatican
VA Vatican City; VA Vatican City State; VN Viet Nam; XK XKO; XK Kosova
AR Argentine Republic; AZ Azerbaijan Republic; AZ Azerbaijani Republic; CH Swiss Confederation; FR French Republic
GB United Kingdom of Great Britain and Northern Ireland; GR Hellenic Republic; KG Kyrgyz Republic; LB Lebanese Republic
SK Slovak Republic
"""
"""Other names and codes in datasets."""

_POLITY = re.compile(
    r"((transitional|national|federal|interim) )*(government|govt|state|kingdom|hashemite kingdom|sultanate|emirate"
    r"|(united |federal |federative |islamic |arab |democratic |people s |socialist |bolivarian |co operative )*"
    r"republic) of "
)
"""The possible beginnings of a country's full name, as folded by `_key`."""


def _key(name: str) -> str:
    """The lookup key of `name`: folded, with "and" for "&", without article and punctuation."""
    words = re.findall(r"\w+", fold(name.replace("&", " and ")))
    return " ".join(word for word in words if word != "the")


NAMES: dict[str, str] = {}
"""{alpha-2 code: usual English name}"""

_BY_NAME: dict[str, str] = {}

for _entry in re.split(r"[;\n]+", _STATES.strip()):
    _two, _three, _name = _entry.strip().split(" ", 2)
    NAMES[_two] = _name
    _BY_NAME |= {_key(_three): _two, _key(_name): _two}
for _entry in re.split(r"[;\n]+", _ALSO.strip()):
    _two, _name = _entry.strip().split(" ", 1)
    _BY_NAME[_key(_name)] = _two


@cache
def iso_code(name: str) -> str:
    """The ISO 3166-1 alpha-2 code of the country called `name`; empty if it is not a country.

    Accepts alpha-3 codes and names in any case, with or without accents, full names ("Islamic Republic of Iran"),
    inverted ones ("Iran, Islamic Republic of"), with another name in brackets, or decoded wrongly.
    """
    name = _decoded(name.strip())
    if code := _plain(name):
        return code
    bracketed = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
    first, second = bracketed.groups() if bracketed else ("", "")
    if not bracketed and "," in name:
        first, second = name.split(",", 1)
    if turned := _BY_NAME.get(_key(f"{second} {first}")) if first else "":
        return turned
    code = _plain(first)
    return code if code and (_plain(second) == code or _POLITY.fullmatch(_key(second) + " ")) else ""


def _plain(name: str) -> str:
    key = _key(name)
    while key not in _BY_NAME and (polity := _POLITY.match(key)):
        key = key[polity.end() :]
    return _BY_NAME.get(key, "")


def _decoded(name: str) -> str:
    """`name` with UTF-8 restored that was decoded as Mac Roman or Windows-1252."""
    for encoding in ("mac_roman", "cp1252"):
        try:
            return name.encode(encoding).decode()
        except UnicodeError:
            continue
    return name


def usual_name(name: str) -> str:
    """The usual English name of the country called `name`; `name` itself if it is not a country."""
    return NAMES.get(iso_code(name), name.strip())

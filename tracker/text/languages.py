"""The codes and names of languages."""

import re

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

from tracker.text.folding import nearest_code

TWO_LETTERS = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu "
    "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn "
    "so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh "
    "zu".split()
)
"""The codes of ISO 639-1."""
_VARIANTS = "arevela|arevmda|ekavsk|fonipa|ijekavsk|monoton|pinyin|polyton|tarask|valencia|wadegile"
# Of the thousands of codes with three letters only the form is checked.
_CODE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3})?(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    rf"(?:-(?:{_VARIANTS}|\d[a-z\d]{{3}}))*(?:-x(?:-[a-z\d]{{1,8}})+)?"
)
_BY_NAME = {str(info["name"]): code for code, info in LANG_INFO.items() if "name" in info}


def wrong_language(code: str) -> str:
    """The message about `code` if it is no BCP 47 code of a language; empty if it is one, or empty."""
    match = _CODE.fullmatch(code.lower())
    if not code or (match and (len(match["language"]) == 3 or match["language"] in TWO_LETTERS)):
        return ""
    name = nearest_code(code, _BY_NAME)
    nearest = f"Nearest: {_BY_NAME[name]} ({name})." if name else "Write one such as en, fa or zh-Hant."
    if "_" in code and not wrong_language(hyphened := code.replace("_", "-")):
        nearest = f"Nearest: {hyphened}."
    return f"“{code}” is not the code of a language. {nearest}"


def language_name(code: str) -> str:
    """The English name of the language with the BCP 47 code `code`: “Persian” of fa; the code if it has none."""
    try:
        info = get_language_info(code.lower())
    except KeyError:
        return code
    return info["name"] if info["code"] == code.lower() else f"{info['name']} ({code})"


def language_suffix(code: str) -> str:
    """“ in Persian” for fa, to go after a noun; empty without a code."""
    return f" in {language_name(code)}" if code else ""

"""The names of languages."""

from django.utils.translation import get_language_info


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

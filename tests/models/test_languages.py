"""Which codes of languages are taken, and what is answered to others."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tracker.text.languages import wrong_language


@pytest.mark.parametrize(
    "code",
    ["", "en", "EN", "ckb", "en-GB", "es-419", "zh-Hant-TW", "sr-Latn", "de-1996", "ca-valencia", "ar-x-iraq"],
)  # fmt: skip
def test_a_code_of_a_language_is_taken(code):
    assert wrong_language(code) == ""


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("xx", "Write one such as en, fa or zh-Hant."),
        ("xx-nonsense", "Write one such as en, fa or zh-Hant."),
        ("en-nonsense", "Write one such as en, fa or zh-Hant."),
        ("e", "Write one such as en, fa or zh-Hant."),
        ("fa ", "Write one such as en, fa or zh-Hant."),
        ("Persian", "Nearest: fa (Persian)."),
        ("en_GB", "Nearest: en-GB."),
    ],
)
def test_any_other_text_is_answered_with_what_may_be_meant(code, nearest):
    assert wrong_language(code) == f"“{code}” is not the code of a language. {nearest}"


@pytest.mark.django_db
def test_a_source_has_a_language_that_there_is():
    source = make.SourceFactory()
    source.language = "xx"
    with pytest.raises(ValidationError, match="“xx” is not the code of a language") as refused:
        source.full_clean()
    assert [*refused.value.message_dict] == ["language"]

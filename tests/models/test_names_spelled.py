"""Names are one where people spell a letter or a sign of them in two ways."""

import pytest
from django.core.exceptions import ValidationError

from tests.files.test_importing import as_file, brought_in
from tracker import recording
from tracker.models import Party
from tracker.register import BY_URL_NAME
from tracker.text.folding import key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The Armenian ligature, in capitals of the new spelling and of the old, and in two letters.
        ("Երևան", "ԵՐԵՎԱՆ"),
        ("Երևան", "ԵՐԵՒԱՆ"),
        ("Երևան", "Երեւան"),
        # The dot that Hindi and Punjabi letters have for sounds of other languages.
        ("फ़ारूक़", "फारूक"),
        ("ਸ਼ਾਹ", "ਸਾਹ"),
        ("50 % Party", "50%\u00a0party"),
        ("№5", "No 5"),
    ],
)
def test_these_are_one_name_as_well(one, other):
    assert key(one) == key(other)


def test_letters_that_only_look_like_the_ligature_are_told_apart():
    assert key("Պետրու") != key("Պետրով")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", "\u3164 \u2800", "\u200f\u00ad", "\ufeff"])
def test_a_name_in_which_nobody_reads_anything_is_refused_wherever_it_is_typed(bob, client, name):
    with pytest.raises(ValidationError, match="only signs that nobody sees"):
        recording.save(bob, Party(name=name, kind="state"))
    with pytest.raises(ValidationError, match="a list of names"):
        recording.save(bob, Party(name="Graustark", kind="state", aliases=["Ruritania", name]))
    run = brought_in(bob, BY_URL_NAME["party"], as_file([{"name": f"{name}", "kind": "state"}]))
    assert run.counts == {"wrong": 1}
    client.force_login(bob)
    response = client.post("/parties/new/", {"name": name, "kind": "state"})
    assert response.status_code in (200, 422) and not Party.objects.exists()

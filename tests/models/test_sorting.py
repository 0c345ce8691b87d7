"""Names and titles are sorted by the alphabet of each script, by stored keys that both databases compare alike."""

import unicodedata

import pytest
from django.db import connection
from django.db.models import CharField, TextField
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import part
from tracker import recording
from tracker.models import Party, Person, Source, collation, derived
from tracker.models.base import writes_allowed
from tracker.models.collation import collation_key, sorted_by
from tracker.pages.pagination import sort_keys
from tracker.register import PARTS, RECORD_TYPES

pytestmark = pytest.mark.both

IN_ORDER = [
    ["10", "a", "A", "à", "ab", "Apfel", "Äpfel", "apple", "Égypte", "Eire", "Lodz", "Öl", "Österreich", "Zebra"],
    ["a b", "a c", "ab"],
    ["cote", "coté", "côte", "côté"],
    ["Грузія", "Єгипет", "Ірак", "Іран", "Ящик"],
    ["Елка", "Ёлка", "Жук"],
    ["بحرين", "پاکستان", "تونس"],
    ["Zebra", "Ωμέγα", "Ящик", "שלום", "ایران", "हिन्दी", "ไทย", "한국", "中国"],
]  # fmt: skip


@pytest.mark.parametrize("words", IN_ORDER)
def test_the_alphabet_of_each_script(words):
    backwards = words[::-1]
    assert sorted(backwards, key=collation_key) == words


@part(1)
@given(st.text(max_size=30))
def test_a_key_is_the_same_composed_and_decomposed_and_short_enough_for_an_index(text):
    forms = {collation_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
    assert len(collation_key(text * 20)) < 2700


def is_prose(model, lookup):
    """Whether `lookup` leads to a text that people write, not to a code."""
    *path, name = lookup.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    field = next((field for field in model._meta.concrete_fields if field.name == name), None)
    return type(field) in (CharField, TextField) and not field.choices


@pytest.mark.django_db
class TestStored:
    """The keys beside the records."""

    def test_lists_are_in_the_order_of_the_alphabet(self, client, carol):
        names = ["Zebra", "apfel", "Äpfel", "Ящик", "Österreich", "Іран", "中国", "ایران"]
        for name in names:
            make.PartyFactory(name=name)
        client.force_login(carol)

        def column(address):
            return client.get(address).getvalue().decode().replace('"', "").splitlines()[1:]

        listed = column("/parties.csv?sort=name&columns=name")
        assert listed == ["apfel", "Äpfel", "Österreich", "Zebra", "Іран", "Ящик", "ایران", "中国"]
        assert [party.name for party in Party.objects.all()] == listed
        assert column("/parties.csv?sort=-name&columns=name") == listed[::-1]
        for party in Party.objects.all():
            make.PersonFactory(name="Somebody", party=party, affiliation=party.name)
            make.TalkFactory(place=party.name)
        for address in (
            "/people.csv?sort=party&columns=party",
            "/people.csv?sort=affiliation&columns=affiliation",
        ):
            assert column(address) == listed
        assert column("/talks.csv?sort=place&columns=place") == listed

    def test_no_list_sorts_by_a_text_without_its_key(self):
        kinds = [*RECORD_TYPES, *PARTS]
        sorts = {
            (kind.model, lookup) for kind in kinds for column in kind.columns for lookup in column.order or ()
        }
        texts = {
            (model._meta.model_name, lookup)
            for model, lookup in sorts
            if is_prose(model, lookup) and sorted_by(model, lookup) == lookup
        }
        assert texts == {("party", "iso_code")}, "codes of two letters need no alphabet"

    def test_the_admin_sorts_as_the_lists_do(self, admin_client):
        for name in ("Zebra", "apfel", "Äpfel", "Ящик", "Österreich"):
            make.PersonFactory(name=name)
        heads = admin_client.get("/admin/tracker/person/").context["cl"].list_display
        page = admin_client.get(f"/admin/tracker/person/?o={heads.index('name')}")
        rows = [person.name for person in page.context["cl"].result_list]
        assert rows == ["apfel", "Äpfel", "Österreich", "Zebra", "Ящик"]

    def test_keys_follow_the_texts_whichever_way_those_are_written(self, bob):
        party, source = make.PartyFactory(name="Siam"), make.SourceFactory()
        talk = make.TalkFactory(title="Round")
        party.name, talk.title = "Thailand", "Ängste"
        recording.save(bob, party)
        recording.save(bob, talk)
        with writes_allowed():
            Source.objects.filter(pk=source.pk).update(publisher="Östliche Post")
            Party.objects.bulk_create([Party(ref="pty-bulk", name="Éire", kind="state")])
            Party.objects.bulk_update([Party(pk=party.pk, name="Ändern")], ["name"])
        assert Party.objects.get(pk=party.pk).sort_key == collation_key("Ändern")
        assert Source.objects.get(pk=source.pk).publisher_sort_key == collation_key("Östliche Post")
        assert [*collation.mismatches()] == []

    def test_an_upgrade_writes_what_is_missing(self):
        party = make.PartyFactory(name="Äpfel")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tracker_party SET sort_key = %s", [connection.Database.Binary(b"")])
        assert len([*collation.mismatches()]) == 1
        derived.rebuild("sort keys")
        assert [*collation.mismatches()] == []
        assert Party.objects.get(pk=party.pk).sort_key == collation_key("Äpfel")

    def test_the_order_of_names_is_read_off_an_index(self):
        for model in (Party, Person):
            rows = model.objects.order_by(*(key.lookup for key in sort_keys(model, ("name",), False)))[:10]
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            plan = rows.explain()
            assert f"{model._meta.model_name}_sort_key" in plan and "TEMP B-TREE" not in plan

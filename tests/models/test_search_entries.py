"""Search entries keep step with the records, whichever way those are written."""

import io
from itertools import zip_longest

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import JSONField

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.models import (
    DerivedText,
    Development,
    Party,
    SearchEntry,
    derived,
    names_rebuilt,
    search_entries,
)
from tracker.models.base import writes_allowed
from tracker.models.search_entries import MOST_BYTES, entry_types
from tracker.models.search_storage import tsvector
from tracker.text.words import asked

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def names(query):
    """The names of the parties that have the words of `query`."""
    entries = SearchEntry.objects.filter(record_type="party", index__words__holds=asked(query))
    return [party.name for party in Party.objects.filter(pk__in=entries.values("record_id"))]


def test_entries_are_those_that_a_rebuild_writes(bob):
    for maker in MAKERS.values():
        maker(make.ProcessFactory())
    make.SourceFactory(text="Il a dit « non ». 5 % 한국 ไทย")
    with writes_allowed():
        Development.objects.update(detail="Said twice")
        Party.objects.bulk_create([Party(ref="pty-bulk", name="Bulkland", kind="state")])
        Party.objects.bulk_update([Party(pk=Party.objects.get(ref="pty-bulk").pk, name="Newland")], ["name"])
    party = make.PartyFactory(name="Walrusland")
    recording.delete(bob, party)
    make.DevelopmentFactory(detail="Of a walrus")
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []
    assert len(names("newland")) == 1 and names("bulkland") == names("walrusland") == []
    count = SearchEntry.objects.count()
    assert derived.rebuild()["words"] == count
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []


def test_each_field_that_is_written_alone_is_found_by_its_new_words():
    waiting = {}
    for maker in MAKERS.values():
        record = maker(make.ProcessFactory())
        model = type(record)
        fields = {*model.name_fields, *model.searched_names, *model.searched_texts[:1], *model.private_fields}
        # The name of an author stands in the place of a person.
        waiting[record] = [*map(model._meta.get_field, sorted(fields - {"author_name"}))]
    # One field of each record at a time: the next one that is written would mend what is missed.
    for fields in zip_longest(*waiting.values()):
        for record, field in zip(waiting, fields, strict=True):
            if field is not None:
                text = "QK" if field.name == "iso_code" else "Quokka"
                with writes_allowed():
                    rows = type(record).objects.filter(pk=record.pk)
                    rows.update(**{field.name: [text] if isinstance(field, JSONField) else text})
        assert [*search_entries.mismatches()] == [], fields


def test_the_command_finds_what_is_wrong_with_the_index_and_writes_it_anew():
    make.PartyFactory(name="Freedonia"), make.PartyFactory(name="Sylvania")
    first, second = SearchEntry.objects.filter(record_type="party").order_by("pk")[:2]
    SearchEntry.objects.filter(pk=first.pk).update(record_id=first.record_id + 100)
    change = {
        "sqlite": "UPDATE tracker_searchindex SET title = 'atlantis' WHERE rowid = %s",
        "postgresql": "UPDATE tracker_searchentry SET words = 'atlantis' WHERE id = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(change[connection.vendor], [second.pk])
    assert len(list(search_entries.mismatches())) == 3
    with pytest.raises(CommandError, match="3 differences"):
        call_command("rebuild_search", check=True, stdout=io.StringIO())
    call_command("rebuild_search", stdout=io.StringIO())
    call_command("rebuild_search", check=True, stdout=io.StringIO())
    assert names("freedonia") == ["Freedonia"] and names("atlantis") == []


def test_a_release_with_other_rules_writes_the_index_anew():
    make.PartyFactory(name="Freedonia")
    SearchEntry.objects.all().delete()
    derived.install()
    assert names("freedonia") == []
    DerivedText.objects.filter(name="words").update(rules="of an earlier release")
    derived.install()
    assert names("freedonia") == ["Freedonia"]


def test_a_record_has_as_many_words_as_both_databases_take():
    text = " ".join(f"{number:x}q" for number in range(120_000))
    source = make.SourceFactory(title="Long", text=f"{text} last")
    whole = entry_types(type(source))[1]
    title, body = whole.words(["Long", "", "", "", source.text])
    assert title == ["long"] and 50_000 < len(body) < 120_000
    assert len(tsvector(title, body).encode()) < 2 * MOST_BYTES
    found = SearchEntry.objects.filter(record_type=whole.code)
    assert found.filter(index__words__holds=asked(f"{1000:x}q")).exists()
    assert not found.filter(index__words__holds=asked("last")).exists()
    assert [*search_entries.mismatches()] == []

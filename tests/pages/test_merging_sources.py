"""Merging two sources: their texts, what was taken from them, and the process that they are kept to."""

import pytest

from tests import factories as make
from tests.pages.test_merging import merge, previewed, undo, words
from tracker.models import Citation, Source, SourceText

pytestmark = pytest.mark.django_db


def test_sources_are_merged_with_their_texts_and_what_was_taken_from_them(client, bob):
    client.force_login(bob)
    old = make.SourceFactory(title="The wire", text="They met in the hall.", url="https://wire.example/1")
    new = make.SourceFactory(title="Wire", taken_from=old)
    passed_on = make.SourceFactory(title="A reprint", taken_from=old)
    said = make.CitationFactory(source=old, quote="in the hall").development
    claimed = make.CitationFactory(source=new, quote="They met").development
    merge(client, old, new)
    stored = Source.objects.get(pk=new.pk)
    assert (stored.text, stored.url, stored.taken_from) == (old.text, old.url, None)
    assert Source.objects.get(pk=passed_on.pk).taken_from == new
    for development, proved_by in ((said, old), (claimed, new)):
        citation = Citation.objects.get(development__ref=development.ref, development__ended_at=None)
        assert (citation.source, citation.found, citation.found_in.source_ref) == (
            stored,
            True,
            proved_by.ref,
        )
    undo(client, old)
    stored = Source.objects.get(pk=new.pk)
    assert (stored.text, stored.taken_from) == ("", old) and Source.objects.get(
        pk=passed_on.pk
    ).taken_from == old
    assert SourceText.objects.of(new).values_list("text", flat=True)[0] == ""


def test_a_source_kept_to_a_process_is_not_merged_with_an_open_one(client, bob):
    client.force_login(bob)
    process = make.ProcessFactory()
    kept, open_to_all = make.SourceFactory(process=process), make.SourceFactory()
    for one, other in ((kept, open_to_all), (open_to_all, kept)):
        refused = "Open both to all, or keep both to one process"
        response = previewed(client, one, other)
        assert response.status_code == 422 and refused in words(response)


def test_a_preview_says_how_many_seats_become_one(client, bob):
    client.force_login(bob)
    old, new = (make.PartyFactory(name=name) for name in ("Old", "New"))
    talks = [make.TalkFactory() for _ in range(3)]
    for talk in talks:
        make.DelegationFactory(talk=talk, party=old)
    preview = words(previewed(client, old, new))
    assert "Delegations (party) 3" in preview and "one with" not in preview
    make.DelegationFactory(talk=talks[0], party=new)
    assert "Delegations (party) 3, of which 1 becomes one with that of “New”" in words(
        previewed(client, old, new)
    )
    make.DelegationFactory(talk=talks[1], party=new)
    assert "Delegations (party) 3, of which 2 become one with those of “New”" in words(
        previewed(client, old, new)
    )

"""A source may be kept to one process, which alone may cite it; whoever may not see that does not see the source."""

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.admin.pages import errors as admin_errors
from tests.admin.pages import typed, url
from tests.files.packages import members, packed
from tests.files.test_importing import brought_in
from tests.pages.filling import errors, submit
from tracker import recording
from tracker.clocks import instant_iso
from tracker.files.importing import runs
from tracker.models import Change, Citation, Development, ImportRow, ImportRun, Source
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

STATEMENT = {
    "occurred_on": "2025-02-18", "kind": "statement", "headline": "It insists", "speech_act": "states",
    "basis": "own_words",
}  # fmt: skip
NEW = {"publisher": "Embassy", "title": "A cable", "kind": "statement"}


@pytest.fixture
def cable(alice, restricted_process):
    """A source that alice entered, kept to the restricted process."""
    return make.SourceFactory(by=alice, title="A cable", text="They whispered.", process=restricted_process)


def test_what_is_entered_for_a_restricted_process_is_kept_to_it_unless_it_is_opened(
    client, alice, restricted_process
):
    client.force_login(alice)
    links = {}
    for process in (restricted_process, make.ProcessFactory()):
        page = client.get(f"/developments/new/?process={process.ref}")
        links[process] = BeautifulSoup(page.content, "lxml").select_one('a[href^="/sources/new/"]')["href"]
    assert links.pop(restricted_process) == f"/sources/new/?process={restricted_process.ref}"
    assert list(links.values()) == ["/sources/new/"]
    address = f"/sources/new/?process={restricted_process.ref}"
    assert submit(client, address, **NEW).status_code == 302
    assert submit(client, address, **NEW | {"title": "A statement", "process": ""}).status_code == 302
    kept, opened = Source.objects.order_by("pk")
    assert (kept.process, opened.process) == (restricted_process, None)
    assert submit(client, f"/sources/{kept.ref}/edit/", process="").status_code == 302
    kept.refresh_from_db()
    assert kept.process is None


def test_a_source_entered_beside_a_development_in_the_admin_is_kept_to_its_process(
    client, alice, restricted_process
):
    client.force_login(alice)
    cited = [Citation(source=make.SourceFactory())]
    development = make.DevelopmentFactory(process=restricted_process, by=alice, citations=cited)
    page = client.get(url(Development, "change", development.pk))
    link = BeautifulSoup(page.content, "lxml").select_one("#add_id_citations-0-source")["href"]
    assert link.startswith(url(Source, "add")) and f"&process={restricted_process.pk}" in link
    assert client.get(link).context["adminform"].form["process"].value() == str(restricted_process.pk)


def test_a_source_is_cited_in_its_process_alone(client, alice, cable, restricted_process):
    client.force_login(alice)
    other = make.ProcessFactory(title="Open talks")
    said = STATEMENT | {"party": make.PartyFactory().name, "citations-0-source": cable.ref}
    refused = submit(client, f"/developments/new/?process={other.ref}", **said)
    rule = f"“{cable}” is kept to another process, so it cannot be cited here."
    assert errors(refused) == [f"Citation 1, Source: {rule}"]
    assert submit(client, f"/developments/new/?process={restricted_process.ref}", **said).status_code == 302
    talk = make.TalkFactory(process=other)
    seat = {"talk": talk.ref, "party": make.PartyFactory().name, "role": "principal", "source": cable.ref}
    assert errors(submit(client, "/delegations/new/", **seat)) == [f"Source: {rule}"]
    page = client.get(url(Development, "add"))
    chosen = STATEMENT | {
        "process": other.pk,
        "party": make.PartyFactory().pk,
        "citations-0-source": cable.pk,
    }
    assert admin_errors(client.post(url(Development, "add"), typed(page) | chosen)) == {
        "citations-0-source": [rule]
    }
    assert set(Citation.objects.values_list("development__process", flat=True)) == {restricted_process.pk}


def test_who_may_not_see_it_is_told_what_is_told_of_an_unknown_one(client, bob, cable):
    client.force_login(bob)
    process = make.ProcessFactory()
    said = STATEMENT | {"party": make.PartyFactory().name}
    address = f"/developments/new/?process={process.ref}"
    for text in (cable.ref, cable.title, f"{cable} [{cable.ref}]"):
        refused = errors(submit(client, address, **said | {"citations-0-source": text}))
        assert refused == [f"Citation 1, Source: There is no source called “{text}”."]


def imported(user, record_type, *lines):
    """The messages of an import of `lines`, by column, and how many rows were written."""
    run = runs.begin(user, BY_URL_NAME[record_type], "rows.csv", ["\n".join(lines).encode()])
    runs.work(run, BY_URL_NAME[record_type])
    run.state, run.only_valid = ImportRun.State.WRITING, True
    run.save()
    runs.work(run, BY_URL_NAME[record_type])
    rows = ImportRow.objects.filter(run=run)
    return [(m["column"], m["rule"]) for row in rows for m in row.messages], run.count("created", "changed")


def test_the_history_of_an_open_source_is_read_by_those_who_may_not_see_every_process(client, bob, cable):
    client.force_login(bob)
    opened = make.SourceFactory(title="A readout")
    assert bob.hidden_process_ids
    assert "created" in client.get(f"/sources/{opened.ref}/history/").content.decode()
    assert client.get(f"/sources/{cable.ref}/history/").status_code == 404


def test_an_import_keeps_to_it_and_tells_strangers_nothing(alice, bob, cable, restricted_process):
    other, party = make.ProcessFactory(title="Open talks"), make.PartyFactory()
    header = "process,party,kind,speech_act,basis,occurred_on,headline,citation_source"
    row = f"{other.ref},{party.ref},statement,states,own_words,2025-02-18,It insists,{cable.ref}"
    rule = f"“{cable}” is kept to another process, so it cannot be cited here."
    assert imported(alice, "development", header, row) == ([("citation_source", rule)], 0)
    unknown = f"There is no source called “{cable.ref}”."
    assert imported(bob, "development", header, row) == ([("citation_source", unknown)], 0)
    # The same document, entered by somebody who cannot know that it is on record, is another one.
    cells = f"{cable.publisher},{cable.title},2025-02-18,news_report"
    assert imported(bob, "source", "publisher,title,published_on,kind", cells) == ([], 1)
    new = f"Embassy,Another cable,statement,{restricted_process.ref}"
    assert imported(alice, "source", "publisher,title,kind,process_id", new) == ([], 1)
    assert Source.objects.get(title="Another cable").process == restricted_process
    hidden = f"There is no process called “{restricted_process.ref}”."
    assert imported(bob, "source", "publisher,title,kind,process_id", new) == ([("process_id", hidden)], 0)


def test_a_source_that_is_or_was_cited_elsewhere_stays_open(alice, restricted_process):
    elsewhere = make.ProcessFactory(secret=True, title="Unknown to alice")
    cited, formerly = make.SourceFactory(by=alice), make.SourceFactory(by=alice)
    make.CitationFactory(source=cited, development__process=elsewhere)
    seat = make.DelegationFactory(talk=make.TalkFactory(process=elsewhere), source=formerly)
    seat.source = None
    recording.save(make.UserFactory(administrator=True), seat)
    for source in (cited, formerly):
        source.process = restricted_process
        with pytest.raises(recording.ValidationError) as refusal:
            recording.save(alice, source)
        rule = "It is cited outside of this process already, so it stays open to all."
        assert refusal.value.message_dict == {"process": [rule]}


def test_a_source_is_taken_from_none_that_its_readers_may_not_see(client, alice, cable, restricted_process):
    client.force_login(alice)
    named = submit(client, "/sources/new/", **NEW | {"title": "A leak", "taken_from": cable.ref})
    assert errors(named) == [
        "Taken from: “Daily Gazette: A cable” is kept to another process, so it cannot be cited here."
    ]
    origin = make.SourceFactory(by=alice, title="The origin")
    make.SourceFactory(by=alice, taken_from=origin)
    kept = submit(client, f"/sources/{origin.ref}/edit/", process=restricted_process.ref)
    assert errors(kept) == ["Kept to: It is cited outside of this process already, so it stays open to all."]


def test_a_source_is_not_taken_from_itself(client, alice, cable):
    client.force_login(alice)
    address = f"/sources/{cable.ref}/edit/"
    assert "A source cannot be taken from itself." in str(
        submit(client, address, taken_from=cable.ref).content.decode()
    )


def test_circles_of_sources_and_of_talks_are_refused_at_the_field(client, bob):
    client.force_login(bob)
    report, talk = make.SourceFactory(), make.TalkFactory(title="First")
    copy = make.SourceFactory(publisher="Herald", title="Reprint", taken_from=report)
    later = make.TalkFactory(process=talk.process, title="Second", predecessor=talk)
    refused = submit(client, f"/sources/{report.ref}/edit/", taken_from=copy.ref)
    assert errors(refused) == ["Taken from: “Herald: Reprint” is taken, in the end, from this source."]
    refused = submit(client, f"/talks/{talk.ref}/edit/", predecessor=later.ref)
    assert errors(refused) == ["Predecessor: “Second” follows, in the end, this talk."]
    lines = f"id,predecessor_id\n{talk.ref},{later.ref}\n"
    run = brought_in(bob, BY_URL_NAME["talk"], lines)
    (message,) = run.rows.get().messages
    assert message["column"].startswith("predecessor") and "“Second” follows, in the end" in message["rule"]


def test_a_text_on_record_is_told_to_those_alone_who_may_see_its_source(client, alice, bob, cable):
    for user, is_told in ((alice, True), (bob, False)):
        client.force_login(user)
        title = f"By {user}"
        response = submit(client, "/sources/new/", **NEW | {"title": title, "text": "They whispered."})
        assert (f"On record already: Daily Gazette: A cable [{cable.ref}]" in response.text) == is_told
        assert Source.objects.filter(title=title).exists() != is_told


def test_one_process_gives_way_to_another_only_by_opening(client, dave_in, cable):
    other = make.ProcessFactory(title="Open talks")
    refused = submit(client, f"/sources/{cable.ref}/edit/", process=other.ref)
    assert errors(refused) == [
        "Kept to: It is kept to another process. Open it to all first, or enter it anew."
    ]


def test_keeping_hides_it_at_every_instant_and_opening_tells_nothing_of_the_process(
    client, bob, dave, clock, restricted_process
):
    clock("2025-02-20T10:00Z")
    source = make.SourceFactory(title="A report", text="They whispered.")
    instants = [last_instant()]
    clock("2025-02-21T10:00Z")
    source.process = restricted_process
    recording.save(dave, source)
    instants.append(last_instant())
    client.force_login(bob)
    addresses = [f"/sources/{source.ref}/{end}" for end in ("", "history/", "text/")]
    moments = ["", *(f"?known={instant_iso(instant)}" for instant in instants)]
    for address in addresses:
        statuses = [client.get(address + moment, follow=True).status_code for moment in moments]
        assert statuses == [404] * 3
    for address in ("/sources.csv", "/search.csv?q=report", "/options/source/?q=report"):
        for moment in moments:
            found = client.get(
                f"{address}{moment if '?' not in address else moment.replace('?', '&')}", follow=True
            )
            assert source.ref not in found.getvalue().decode() and "A report" not in found.getvalue().decode()
    assert not Change.objects.visible_to(bob).filter(record_ref=source.ref).exists()
    for package in (packed(bob), client.get(f"/package.zip{moments[1]}", follow=True).getvalue()):
        assert [name for name, content in members(package).items() if source.ref.encode() in content] == []
    clock("2025-02-22T10:00Z")
    source.process = None
    recording.save(dave, source)
    pages = [client.get(address).text for address in addresses]
    assert all("A report" in page and "Secret channel" not in page for page in pages)
    assert not any(restricted_process.ref in page for page in pages)
    answer = client.get(f"{addresses[0]}{moments[2]}")
    assert answer.status_code == 404 and "What is recorded of this now had not been recorded" in answer.text
    assert f'href="{addresses[0]}"' in answer.text and "Secret channel" not in answer.text


def test_one_that_was_opened_says_since_when_it_is_there(client, bob, dave, clock):
    clock("2025-02-20T10:00Z")
    secret = make.ProcessFactory(title="Secret channel", restricted=True)
    source = make.SourceFactory(title="A report", process=secret)
    kept = instant_iso(last_instant())
    clock("2025-02-22T10:00Z")
    source.process = None
    recording.save(dave, source)
    client.force_login(bob)
    answer = client.get(f"{source.get_absolute_url()}?known={kept}")
    assert answer.status_code == 404 and "A report" in answer.text
    assert "This was first recorded on <b>22 Feb 2025, 10:00 UTC</b>" in answer.text
    opened = f"{source.get_absolute_url()}?known=2025-02-22T10%3A00%3A00Z"
    assert opened in answer.text and client.get(opened).status_code == 200
    assert f'href="{source.get_absolute_url()}"' in answer.text
    assert "Secret channel" not in answer.text and secret.ref not in answer.text
    # Whoever sees the process sees it at that instant.
    client.force_login(dave)
    assert client.get(f"{source.get_absolute_url()}?known={kept}").status_code == 200


def test_a_deleted_one_stays_hidden(client, bob, dave, alice, cable):
    known = instant_iso(last_instant())
    recording.delete(dave, cable)
    client.force_login(bob)
    for address in (f"/sources/{cable.ref}/", f"/sources/{cable.ref}/history/"):
        for moment in ("", f"?known={known}"):
            assert client.get(address + moment, follow=True).status_code == 404
    client.force_login(alice)
    assert client.get(f"/sources/{cable.ref}/").status_code == 410
    assert "They whispered." in client.get(f"/sources/{cable.ref}/text/?known={known}").text

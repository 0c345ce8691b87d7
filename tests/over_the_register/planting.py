"""Plants words in every private place, by every way in, and takes them through all that people do to records later."""

from io import StringIO

from django.core.management import call_command
from django.test import Client

from tests import factories as make
from tests.admin.pages import errors as admin_errors
from tests.admin.pages import typed, url
from tests.corrections import correct
from tests.files.test_importing import brought_in
from tests.over_the_register.planted import Planted
from tests.pages.filling import errors, submit
from tracker import recording
from tracker.files.importing import runs
from tracker.models import (
    Demand,
    Development,
    Effect,
    ImportRun,
    Party,
    Source,
    User,
    WatchPhrase,
)
from tracker.recording.merging import merge
from tracker.recording.moving import move
from tracker.recording.unmerging import unmerge
from tracker.register import BY_URL_NAME

EXAMPLE = """
[[source]]
id = "src-loaded"
publisher = "Quokka quokkaloadedpublisher"
title = "Quokka quokkaloadedtitle"
kind = "statement"
process = "{process}"

[[development]]
id = "dev-loaded"
process = "{process}"
occurred_on = "2025-02-18"
kind = "report"
headline = "Quokka quokkaloadedheadline"
party = "{party}"
basis = "paraphrase"

  [[development.effect]]
  item = "{demand}"
  status = "met"
  wording = "Quokka quokkaloadedwording"

  [[development.citation]]
  source = "src-loaded"
  quote = "Quokka quokkaloadedquote"
"""
SAID = {"occurred_on": "2025-02-18", "kind": "report", "basis": "paraphrase"}


def plant(clock, folder) -> Planted:
    """Plant by each way in, and then do to it all that people do to records; `folder` takes an example's file."""
    clock("2025-02-20T10:00Z")
    alice, bob = (
        make.UserFactory(username="alice", analyst=True),
        make.UserFactory(username="bob", editor=True),
    )
    dave = make.UserFactory(username="dave", administrator=True)
    process = make.ProcessFactory(
        title="Quokka quokkatitle", summary="Quokka quokkasummary", restricted=True, members=[alice]
    )
    planted = Planted(process)
    for name in ("party", "twin"):
        planted.shared[name] = make.PartyFactory(name=f"Freedonia {name}")
    planted.shared["process"] = make.ProcessFactory(title="Open talks")
    planted.shared["demand"] = make.DemandFactory(process=planted.shared["process"], title="Withdrawal")
    make.ProcessLinkFactory(
        from_process=planted.shared["process"], to_process=process, note="Quokka quokkalink"
    )
    client = Client()
    client.force_login(alice)
    by_form(client, planted)
    by_admin(client, planted)
    by_file(alice, planted)
    by_loader(planted, folder)
    for name, text in (("text", "Numbat numbattext"), ("deleted", "Numbat numbatdeleted")):
        planted.shared[name] = make.SourceFactory(by=alice, title=f"Open {name}", text=text)
    planted.settle()
    clock("2025-02-21T10:00Z")
    change(alice, bob, dave, planted)
    planted.settle()
    clock("2025-02-22T10:00Z")
    take_back(bob, dave, planted)
    planted.settle()
    clock("2025-02-23T10:00Z")
    make.PartyFactory(name="Sylvania")
    return planted


def by_form(client: Client, planted: Planted) -> None:
    """Fill in the forms of pages."""
    of, party = f"?process={planted.process.ref}", planted.shared["party"].ref
    source = {
        "publisher": "Quokka quokkaformpublisher",
        "title": "Quokka quokkaformtitle",
        "kind": "statement",
    }
    typed_in = [
        (f"/sources/new/{of}", source | {"text": "Quokka quokkaformtext"}),
        (
            f"/demands/new/{of}",
            {
                **{f"development-{name}": value for name, value in SAID.items()},
                "title": "Quokka quokkaformdemand", "kind": "demand", "party": party,
                "effect-wording": "Quokka quokkaformwording", "development-headline": "Quokka quokkaformraised",
            },
        ),
        (
            f"/developments/new/{of}",
            SAID | {
                "headline": "Quokka quokkaformheadline", "detail": "Quokka quokkaformdetail", "party": party,
                "citations-0-source": source["title"], "citations-0-quote": "Quokka quokkaformquote",
            },
        ),
        (f"/watch-phrases/new/{of}", {"phrase": "Quokka quokkaformphrase", "why": "Quokka quokkaformwhy"}),
        ("/sources/new/", source | {"publisher": "Gazette", "title": "Form", "text": "Numbat numbatform"}),
    ]  # fmt: skip
    for address, words in typed_in:
        response = submit(client, address, **words)
        assert response.status_code == 302, (address, errors(response))


def by_admin(client: Client, planted: Planted) -> None:
    """Fill in the forms of the admin."""
    process, party = planted.process, planted.shared["party"]
    source = Source.objects.get(title="Quokka quokkaformtitle")
    typed_in = [
        (
            Source,
            {
                "publisher": "Quokka quokkaadminpublisher", "title": "Quokka quokkaadmintitle", "kind": "statement",
                "text": "Quokka quokkaadmintext", "process": process.pk,
            },
        ),
        (
            Development,
            SAID | {
                "process": process.pk, "headline": "Quokka quokkaadminheadline", "party": party.pk,
                "citations-0-source": source.pk, "citations-0-quote": "Quokka quokkaadminquote",
            },
        ),
        (
            WatchPhrase,
            {"process": process.pk, "phrase": "Quokka quokkaadminphrase", "why": "Quokka quokkaadminwhy"},
        ),
        (Source, {"publisher": "Gazette", "title": "Admin", "kind": "statement", "text": "Numbat numbatadmin"}),
    ]  # fmt: skip
    for model, words in typed_in:
        response = client.post(url(model, "add"), typed(client.get(url(model, "add"))) | words)
        assert response.status_code == 302, (model, admin_errors(response))


def by_file(by: User, planted: Planted) -> None:
    """Import files; the last import is undone."""
    process, party = planted.process.ref, planted.shared["party"].ref
    said = f"{process},2025-02-18,report,paraphrase,{party}"
    files = {
        "source": "process_id,publisher,title,kind\n"
        + f"{process},Quokka quokkafilepublisher,Quokka quokkafiletitle,statement",
        "development": "process_id,occurred_on,kind,basis,party_id,headline,detail\n"
        + f"{said},Quokka quokkafileheadline,Quokka quokkafiledetail",
        "watch-phrase": "process_id,phrase,why\n" + f"{process},Quokka quokkafilephrase,Quokka quokkafilewhy",
    }
    for url_name, rows in files.items():
        run = brought_in(
            by, BY_URL_NAME[url_name], rows, name="quokkafilename.csv", then=ImportRun.State.WRITING
        )
        assert run.state == "done", run.problems + [row.messages for row in run.rows.all()]
    run.state, run.undone_by = ImportRun.State.UNDOING, User.objects.get(username="dave")
    run.save()
    planted.gone |= {row.ref for row in run.rows.all()}
    runs.work(run, BY_URL_NAME[url_name])
    run.refresh_from_db()
    assert run.state == "undone", run.problems


def by_loader(planted: Planted, folder) -> None:
    """Load an example into the process."""
    demand = Demand.objects.get(title="Quokka quokkaformdemand")
    words = {"process": planted.process.ref, "party": planted.shared["party"].ref, "demand": demand.ref}
    (file := folder / "example.toml").write_text(EXAMPLE.format(**words))
    call_command("load_example", str(file), by="dave", verbosity=0, stdout=StringIO())


def change(alice: User, bob: User, dave: User, planted: Planted) -> None:
    """Edit, correct, store other texts, merge, and move developments both ways."""
    process, shared = planted.process, planted.shared
    process.summary = "Quokka quokkaeditedsummary"
    recording.save(dave, process, note="Quokka quokkaeditednote")
    for title, text in (("quokkaformtitle", "Quokka quokkaeditedtext"), ("Open text", "Numbat numbatedited")):
        source = Source.objects.get(title__contains=title)
        source.text = text
        recording.save(alice, source)
    said = Development.objects.get(headline="Quokka quokkaformheadline")
    correct(said, by=alice, headline="Quokka quokkacorrected", note="Quokka quokkacorrection")
    one, other = (
        make.SourceFactory(title=f"Quokka quokkamerge{x}", process=process) for x in ("one", "other")
    )
    make.CitationFactory(source=one, quote="Quokka quokkamergedquote", development__process=process)
    merge(dave, one, other, "Quokka quokkamergenote")
    twin, party = shared["twin"], shared["party"]
    make.DevelopmentFactory(process=process, party=twin, headline="Quokka quokkaoftwin")
    merge(bob, twin, party, "The same")
    shared["wire"], shared["reprint"] = (
        make.SourceFactory(title=f"Open {x}", text=f"Numbat numbat{x}") for x in ("wire", "reprint")
    )
    merge(bob, shared["wire"], shared["reprint"], "The same")
    hidden, here = Demand.objects.get(title="Quokka quokkaformdemand"), shared["demand"]
    moved = {"reason": "wrong_process", "by": alice, "note": "Quokka quokkamovenote"}
    into = make.DevelopmentFactory(process=here.process, headline="Filed here", party=party)
    shared["into"] = correct(
        into,
        effects=[Effect(item=hidden, status="met")],
        headline="Quokka quokkamovedin",
        process=process,
        **moved,
    )
    out = make.DevelopmentFactory(process=process, headline="Quokka quokkamovedout", party=party)
    shared["out"] = correct(
        out, headline="Filed there", process=here.process, **moved | {"note": "So it was."}
    )
    change_items(alice, dave, planted)


def change_items(alice: User, dave: User, planted: Planted) -> None:
    """Merge two items of the process, and move items into it and out of it."""
    process, shared = planted.process, planted.shared
    here = {"process": process, "party": shared["party"]}
    one, other = (make.DemandFactory(title=f"Quokka quokkaitem{x}", **here) for x in ("one", "other"))
    merge(dave, one, other, "Quokka quokkaitemnote")
    shared["item in"] = make.DemandFactory(title="Filed item", process=shared["process"])
    there = move(alice, shared["item in"], process, "Quokka quokkaiteminnote")
    there.title = "Quokka quokkaitemin"
    recording.save(alice, there)
    out = make.DemandFactory(
        title="Quokka quokkaitemout", **here, development__headline="Quokka quokkaitemsaid"
    )
    correct(Development.objects.get(headline="Quokka quokkaitemsaid"), by=alice, headline="Asked for more")
    out.title = "Item of ours"
    recording.save(alice, out)
    shared["item out"] = move(alice, Demand.objects.get(pk=out.pk), shared["process"], "So it was.")


def take_back(bob: User, dave: User, planted: Planted) -> None:
    """Undo the merges, withdraw, delete, and keep to the process what was open."""
    unmerge(bob, Party.everything.get(pk=planted.shared["twin"].pk), "They are two")
    unmerge(bob, Source.everything.get(pk=planted.shared["wire"].pk), "They are two")
    unmerge(dave, Source.everything.get(title="Quokka quokkamergeone"), "Quokka quokkaunmergenote")
    recording.withdraw(
        dave, Development.objects.get(headline="Quokka quokkafileheadline"), "Quokka quokkawithdrawn"
    )
    phrase = WatchPhrase.objects.get(phrase="Quokka quokkaadminphrase")
    planted.gone.add(phrase.ref)
    recording.delete(dave, phrase, "Quokka quokkadeletednote")
    recording.delete(dave, Source.objects.get(title="Open deleted"))
    kept = make.SourceFactory(title="Quokka quokkakepttitle", text="Quokka quokkakepttext")
    kept.process = planted.process
    recording.save(dave, kept)

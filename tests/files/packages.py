"""Data packages for tests: a record that is the same on every database, its package, and packages taken apart."""

import csv
import datetime as dt
import hashlib
import io
import json
import random
import zipfile
from unittest import mock

from django.db import connection

from tests import factories as make
from tests.claiming import ClaimFactory
from tracker import recording
from tracker.files.data_package.contents import tables
from tracker.files.data_package.writing import stream_package
from tracker.models import VERSIONS, Citation, Development, Effect, User
from tracker.recording.merging import merge

AWKWARD = "  =1+1, \"quoted\"\r\nline\nline; \\N\t'x' سلام \u202eback 🕊️ e\u0301 Ł \ufeff"


def invented():
    """A record with every sort of thing in it, its ids drawn by number; the clock must stand still."""
    draw = random.Random(7)  # noqa: S311
    with mock.patch("tracker.models.base.secrets.token_bytes", draw.randbytes):
        by = make.UserFactory(username="clerk", administrator=True)
        give = {"by": by}
        aa = make.PartyFactory(**give, name="Aa", aliases=["Ä", 'the "A"; really', "\\N", "日本"])
        bb = make.PartyFactory(**give, name="Bb", short_name="\\N", description="\\\\N")
        person = make.PersonFactory(**give, name="Somebody", party=aa)
        office = make.OfficeFactory(**give, person=person, title="Minister", party=aa)
        source = make.SourceFactory(**give, title="Report", text=f"Words. {AWKWARD}")
        issue = make.IssueFactory(**give, name="Issue", description=AWKWARD)
        process = make.ProcessFactory(**give, title="Process", members=[by])
        other = make.ProcessFactory(**give, title="Precedent")
        make.ProcessLinkFactory(**give, from_process=process, to_process=other)
        common = {**give, "process": process}
        first = make.TalkFactory(
            **common, title="First talk", development={"party": aa, "headline": "They met."}
        )
        talk = make.TalkFactory(
            **common, title="Talk", host=bb, minutes=0, predecessor=first,
            development={"party": bb, "headline": "They met again."},
        )  # fmt: skip
        delegation = make.DelegationFactory(**give, talk=talk, party=aa, role="mediator; host")
        make.DelegateFactory(**give, delegation=delegation, person=person, office=office)
        make.PrincipleFactory(
            **common, title="Principle", talk=talk, parties=[bb, aa], issues=[issue],
            development={"party": aa, "headline": "It was agreed."}, effect={"status": "claimed"},
        )  # fmt: skip
        demand = make.DemandFactory(
            **common, title="Demand", party=aa, addressed_to=[bb],
            development={"party": aa, "headline": AWKWARD[:100]},
        )  # fmt: skip
        make.FollowUpFactory(
            **common, title="Follow-up", owner=bb, waits_for=demand, promised_to=[aa],
            development={"party": bb, "headline": "It was promised."},
        )  # fmt: skip
        ClaimFactory(record=talk, upstream_id="row 1", cells={"name": AWKWARD})
        make.AssessmentFactory(**common, author=person, source=source)
        make.WatchPhraseFactory(**common, phrase="never", whose_parties=[aa], whose_people=[person])
        twice = make.PartyFactory(**give, name="Bb entered twice")
        make.DevelopmentFactory(**common, party=twice, headline="It was said by another name.")
        merge(by, twice, bb, "The same")
        said = {
            "process": process,
            "party": bb,
            "occurred_on": dt.date(2025, 2, 1),
            "occurred_precision": "month",
        }
        said |= {"kind": "statement", "speech_act": "states", "basis": "own_words"}
        old = recording.record(
            by,
            Development(**said, headline="It was refused."),
            [Effect(item=demand, stance="rejects", party=bb), Effect(item=demand, wording="\\N")],
            [Citation(source=source, quote="Words."), Citation(source=source, place="p. 2")],
        )
        new = recording.correct(
            by, old, Development(**said, headline="It was considered."), [Effect(item=demand, stance="conditional")],
            [Citation(source=source)], "recoded", AWKWARD,
        )  # fmt: skip
        recording.withdraw(by, new, "It was not said.")
        aa.description = AWKWARD
        recording.save(by, aa)
        source.text = f"Words. Replaced. {AWKWARD}"
        recording.save(by, source)
        make.SourceFactory(**give, title="Cable", text="Kept.", process=process)
    return process


def packed(reader: User | None = None) -> bytes:
    """The package as one piece."""
    return b"".join(stream_package(reader))


def empty() -> None:
    """Take the record, and all accounts, out of the database, as if it were newly made."""
    with connection.cursor() as cursor:
        for model in (*VERSIONS.values(), *(table.model for table in reversed(tables()))):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def members(package: bytes) -> dict[str, bytes]:
    """The files in `package` by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(package: bytes, path: str) -> list[dict]:
    """The rows of one table of `package`, by the names of the columns."""
    return list(csv.DictReader(io.StringIO(members(package)[path].decode(), newline="")))


def described(files: dict[str, bytes]) -> dict:
    """The description in `files`."""
    return json.loads(files["datapackage.json"])


def repacked(files: dict[str, bytes], *, describe=True, names=None) -> bytes:
    """A package of `files`, which are described as they now are unless told otherwise; `names` renames them."""
    files = dict(files)
    if describe:
        about = described(files)
        for resource in about["resources"]:
            content = files[resource["path"]]
            digest = hashlib.sha256(content).hexdigest()
            resource |= {"bytes": len(content), "hash": f"sha256:{digest}"}
        files["datapackage.json"] = json.dumps(about).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr((names or {}).get(name, name), content)
    return out.getvalue()

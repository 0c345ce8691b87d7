"""What is withheld is withheld everywhere: words planted in it are looked for in every page, file, feed and log."""

import logging
from random import Random

import pytest

from tests import factories as make
from tests.files.packages import empty, packed
from tests.over_the_register import ways_out
from tests.over_the_register.fields import editable_fields, filled
from tests.over_the_register.later import CORRECTED, edit
from tests.over_the_register.makers import OF_A_PROCESS
from tests.over_the_register.planted import EVERY_SECRET, SECRETS, TEXTS
from tests.over_the_register.planting import plant
from tracker import recording
from tracker.clocks import instant_iso
from tracker.files.data_package.restoring import restore
from tracker.models import ImportRun, Party, Process, Submission, User
from tracker.models.fields import CodeListField
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db

TYPES = [name for name in OF_A_PROCESS if name not in ("process", "process-link", "delegate")]
IN_TEXT = ("CharField", "TextField", "JSONField", "URLField")
NAMED = ("QUOKKA QUOKKAFORMDEMAND", "QUOKKA QUOKKAFORMTITLE", "QUOKKA QUOKKATITLE")
"""An item, a source and the process by their names, written otherwise than they are on record."""
ROLES = pytest.mark.parametrize("role", ["viewer", "analyst", "editor"])


@pytest.fixture
def planted(clock, tmp_path, caplog):
    """What was planted, and done to it since."""
    caplog.set_level(logging.INFO)
    return plant(clock, tmp_path)


def stranger(role):
    """Somebody with a role who is no member of the hidden process, and what is withheld from them."""
    return make.UserFactory(username=f"stranger-{role}", role=role), [SECRETS, TEXTS][
        : 1 + (role == "viewer")
    ]


def require_none(answers, withheld, refs=()):
    """That there are answers, and none has what one of `withheld` finds, nor one of `refs` that was not asked for."""
    found, number = {}, 0
    for number, (address, answer) in enumerate(answers, 1):  # noqa: B007
        words = {word for each in withheld for word in each.findall(answer)}
        words |= {ref for ref in refs if ref in answer and ref not in address}
        if words:
            found[address] = words
    assert number and found == {}


def test_nothing_that_is_withheld_reaches_a_stranger(planted, caplog):
    (viewer, withheld), (editor, _) = stranger("viewer"), stranger("editor")
    refs, known = planted.hidden(), planted.instants[0]
    # Whoever may see it finds all that was planted, so that not to find it says something.
    alice = User.objects.get(username="alice")
    assert {*SECRETS.findall(ways_out.unpacked(packed(alice)))} >= EVERY_SECRET
    history = f"{planted.shared['into'].get_absolute_url()}history/"
    assert "quokkamovenote" in ways_out.told(ways_out.signed_in(alice).get(history))
    shared = [planted.shared[name] for name in ("process", "party", "into", "text")]
    require_none(ways_out.pages(viewer, shared, {}, [f"known={known}"]), withheld, refs)
    require_none(ways_out.programs(viewer, [known]), withheld, refs)
    require_none(ways_out.refusals(editor, NAMED[:1], ["development"]), [SECRETS], refs)
    assert not SECRETS.search(caplog.text) and not TEXTS.search(caplog.text)


@pytest.mark.prove
@ROLES
def test_nothing_that_is_withheld_comes_out_by_any_way(planted, role, caplog):
    user, withheld = stranger(role)
    refs, shared = planted.hidden(), planted.shared.values()
    clocks = ["", "on=2025-02-19", "public=2025-02-22", *(f"known={known}" for known in planted.instants)]
    require_none(ways_out.pages(user, shared, refs, clocks), withheld, refs)
    require_none(ways_out.filtered(user, refs), withheld, refs)
    require_none(ways_out.programs(user, planted.instants), withheld, refs)
    require_none(ways_out.admin(user), withheld, refs)
    require_none(ways_out.forms(user, shared, refs), withheld, refs)
    if role != "viewer":
        named = {ref.partition("-")[0]: ref for ref in refs}.values()
        require_none(ways_out.refusals(user, [*NAMED, *named]), withheld, refs)
    assert not SECRETS.search(caplog.text) and not TEXTS.search(caplog.text)


@pytest.mark.prove
def test_nothing_that_is_withheld_comes_out_of_what_was_restored(planted, tmp_path):
    (file := tmp_path / "record.zip").write_bytes(packed())
    for model in (ImportRun, Submission):
        model.objects.all().delete()
    empty()
    restore(file)
    process = Process.objects.get(ref=planted.process.ref)
    planted.process, shared = process, [*Party.objects.all(), *Process.objects.filter(restricted=False)]
    refs, clocks = planted.hidden(), ["", *(f"known={known}" for known in planted.instants)]
    for role in ("viewer", "editor"):
        user, withheld = stranger(role)
        require_none(ways_out.pages(user, shared, refs, clocks), withheld, refs)
        require_none(ways_out.programs(user, planted.instants), withheld, refs)
        require_none(ways_out.admin(user), withheld, refs)


def words_of(record):
    """The words that stand in the texts of `record`."""
    fields = [field for field in editable_fields(type(record)) if field.get_internal_type() in IN_TEXT]
    values = [
        getattr(record, field.name)
        for field in fields
        if not (field.choices or isinstance(field, CodeListField))
    ]
    return {
        str(value[0] if isinstance(value, list) else value)
        for value in values
        if value and "Words" in str(value)
    }


@pytest.mark.prove
@pytest.mark.parametrize("url_name", TYPES)
def test_nothing_of_a_process_restricted_since_reaches_a_stranger(url_name, clock, dave, bob, caplog):
    clock("2025-02-20T10:00Z")
    record, _ = filled(url_name)
    planted, opened, process = words_of(record), instant_iso(last_instant()), record.of_process
    clock("2025-02-21T10:00Z")
    if url_name not in CORRECTED:
        edit(dave, Random(url_name), url_name)
        planted |= words_of(type(record).objects.get(pk=record.pk))
    process.restricted = True
    recording.save(dave, process)
    clock("2025-02-22T10:00Z")
    make.PartyFactory()
    assert planted
    clocks = ["", *(f"known={known}" for known in (opened, instant_iso(last_instant())))]
    answers = [*ways_out.pages(bob, [process, record], {}, clocks), *ways_out.programs(bob, [opened])]
    for address, answer in answers:
        assert {word for word in planted if word in answer} == set(), address
        assert process.ref not in answer or address.startswith("/processes/"), address
    assert not any(word in caplog.text for word in planted)

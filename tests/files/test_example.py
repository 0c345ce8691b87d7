"""An example file: checked as a whole, loaded as a whole, never written over what is there."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.corrections import correct
from tests.factories import UserFactory
from tracker import recording
from tracker.models import Delegate, Demand, Development, Effect, Item, Party, Process, Talk

FILE = """[[party]]
id = "pty-arland"
name = "Arland"
kind = "state"

[[party]]
id = "pty-berland"
name = "Berland"
kind = "state"

[[person]]
id = "per-ann"
name = "Ann Ode"
party = "pty-arland"

  [[person.office]]
  id = "off-ann-minister"
  title = "Minister"
  held_from = "2024-05"

[[source]]
id = "src-gazette"
publisher = "Gazette"
title = "They met"
kind = "news_report"

[[process]]
id = "prc-border"
title = "Border talks"
aim = "To settle the border."

[[talk]]
id = "tlk-spring"
process = "prc-border"
title = "Spring round"

[[demand]]
id = "dem-river"
process = "prc-border"
title = "The river as border"
kind = "demand"
party = "pty-arland"
addressed_to = ["pty-berland"]
talk = "tlk-spring"

[[delegation]]
id = "dlg-spring-arland"
talk = "tlk-spring"
party = "pty-arland"
role = "principal"

  [[delegation.delegate]]
  person = "per-ann"
  office = "off-ann-minister"
  capacity = "head"

[[development]]
id = "dev-spring"
process = "prc-border"
occurred_on = "2025-03"
kind = "talks"
headline = "They meet"
talk = "tlk-spring"
basis = "reporters_summary"

  [[development.effect]]
  item = "tlk-spring"
  status = "held"

  [[development.citation]]
  source = "src-gazette"
  quote = "met"

[[development]]
id = "dev-ann-river"
process = "prc-border"
occurred_on = "2025-03-04"
kind = "statement"
headline = "Ann wants the river"
party = "pty-arland"
speaker = "per-ann"
speech_act = "demands"
basis = "own_words"

  [[development.effect]]
  item = "dem-river"
  status = "open"
  firmness = "stated"
  wording = "The river is the border."
"""


@pytest.fixture
def head(db):
    """The administrator in whose name examples are loaded."""
    return UserFactory(username="head", administrator=True)


@pytest.fixture
def load(tmp_path, head):
    """load(text) runs the command on a file of that text and returns what it prints."""

    def run(text=FILE, **options):
        return loaded(tmp_path, text, **options)

    return run


def loaded(folder, text, **options):
    """What the command prints, run on a file of `text` in `folder`."""
    path = folder / "border.toml"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("load_example", str(path), stdout=out, **options)
    return out.getvalue()


def changed(old, new):
    """FILE with `old`, which is in it, replaced."""
    assert old in FILE
    return FILE.replace(old, new)


def count(printed, table):
    """(made, changed, unchanged, withdrawn) of a record type, as printed."""
    return outcomes(printed, table)[:4]


def outcomes(printed, table):
    """As `count`, and how many were left alone."""
    line = re.search(rf"^{table}( +\d+){{5}}$", printed, re.MULTILINE)
    return tuple(map(int, line[0].split()[1:]))


def test_records_of_every_sort_are_loaded_with_their_relations(load, head):
    printed = load()
    assert count(printed, "party") == count(printed, "effect") == (2, 0, 0, 0)
    demand = Demand.objects.get(ref="dem-river")
    assert (demand.current_status, demand.current_wording) == ("open", "The river is the border.")
    assert [str(party) for party in demand.addressed_to.all()] == ["Berland"]
    seat = Delegate.objects.get()
    assert (str(seat.person), str(seat.office), str(seat.office.since)) == ("Ann Ode", "Minister", "May 2024")
    development = Development.objects.get(ref="dev-spring")
    assert (development.recorded_by, str(development.occurred)) == (head, "Mar 2025")
    assert development.talk == Talk.objects.get(ref="tlk-spring")


def test_a_second_load_changes_nothing(load):
    load()
    printed = load()
    for table in ("party", "office", "talk", "delegate", "development", "effect", "citation"):
        assert count(printed, table)[:2] == (0, 0)
        assert count(printed, table)[2] > 0


def test_a_file_may_refer_to_what_is_in_the_database(load):
    load()
    load("""
[[process_link]]
id = "lnk-to-border"
from_process = "prc-sea"
to_process = "prc-border"
kind = "parallel"

[[process]]
id = "prc-sea"
title = "Sea talks"
aim = "To settle the sea."
""")
    assert str(Process.objects.get(ref="prc-sea").links.get().to_process) == "Border talks"


def test_what_differs_is_told_and_nothing_is_written(load):
    load()
    text = changed('name = "Berland"', 'name = "Berlandia"').replace('"stated"', '"red_line"')
    text += '\n[[party]]\nid = "pty-new"\nname = "Newland"\nkind = "state"\n'
    with pytest.raises(CommandError) as refusal:
        load(text)
    assert "party pty-berland, name: “Berland” here, “Berlandia” in the file" in str(refusal.value)
    assert re.search("dev-ann-river, effects: .*stated.* here, .*red_line.* in the file", str(refusal.value))
    assert "Nothing was written. With --update" in str(refusal.value)
    assert set(Party.objects.values_list("name", flat=True)) == {"Arland", "Berland"}
    assert Demand.objects.get().current_firmness == "stated"


def test_with_update_the_file_is_followed_and_the_old_version_kept(load):
    load()
    printed = load(changed('"stated"', '"red_line"').replace('"Minister"', '"Envoy"'), update=True)
    assert count(printed, "development") == (0, 1, 1, 0)
    assert count(printed, "office") == (0, 1, 0, 0)
    assert Demand.objects.get().current_firmness == "red_line"
    old, new = Development.objects.filter(ref="dev-ann-river").order_by("version")
    assert (old.ended_as, old.ended_reason) == ("corrected", "recoded")
    assert (old.effects.get().firmness, new.effects.get().firmness) == ("stated", "red_line")


def test_an_item_added_to_a_development_that_is_there(load):
    load()
    new = changed("[[delegation]]", '''[[follow_up]]
id = "fup-map"
process = "prc-border"
title = "A map"
kind = "drafting"

[[delegation]]''').replace(
        '  [[development.citation]]',
        '  [[development.effect]]\n  item = "fup-map"\n  status = "expected"\n\n  [[development.citation]]',
    )  # fmt: skip
    load(new, update=True)
    assert Item.objects.get(ref="fup-map").current_status == "expected"


def test_a_correction_by_an_analyst_is_reported_and_kept(load):
    load()
    correct(Development.objects.get(ref="dev-spring"), headline="They met again")
    message = "dev-spring, headline: “They met again” here, “They meet” in the file"
    with pytest.raises(CommandError, match=message):
        load()
    assert Development.objects.get(ref="dev-spring", ended_at=None).headline == "They met again"


def test_what_was_withdrawn_stays_withdrawn(load, head):
    load()
    recording.withdraw(head, Development.objects.get(ref="dev-ann-river"), "Never said.")
    assert count(load(), "development") == (0, 0, 1, 1)
    assert Demand.objects.get().current_status is None


MISTAKES = [
    ('"own_words"', '"own_word"', "development dev-ann-river, basis: “own_word”.*nearest.*“own_words”"),
    ('firmness = "stated"', 'firmnes = "stated"', "effect of dev-ann-river: “firmnes” .*nearest.*“firmness”"),
    (
        'status = "held"',
        'status = "holding"',
        "effect of dev-spring, status: “holding” .*possible are: .*held",
    ),
    ('status = "open"', 'status = "??"', "dev-ann-river, status: “[?]{2}” .*possible are: open, under"),
    ('speaker = "per-ann"', 'speaker = "per-anna"', "ann-river, speaker: “per-anna” .*nearest.*“per-ann”"),
    (
        'party = "pty-arland"\nrole',
        'party = "per-ann"\nrole',
        "spring-arland, party: “per-ann” .*possible are: pty-",
    ),
    ('["pty-berland"]', '"pty-berland"', "dem-river, addressed_to: .*a list of texts"),
    ('"2025-03-04"', '"4 Marz 2025"', "dev-ann-river, occurred_on: .*is not a date.*2025-02-18"),
    ('"2025-03-04"', '"2025-02-04"', "dev-ann-river, occurred_on: .*it stands after one of 2025-03"),
    ("[[source]]", "[[sources]]", "“sources” is not a table; the nearest that is: “source”"),
    ('id = "per-ann"', 'id = "ann"', "person ann, id: “ann” cannot stand here; a reference looks like"),
    ('id = "per-ann"', 'id = "pty-ann"', "person pty-ann, id: .*it must begin with per-"),
    ('id = "pty-berland"', 'id = "pty-arland"', "party pty-arland, id: .*another record of this"),
    ('aim = "To settle the border."\n', "", "process prc-border: the field aim is missing"),
    ('  wording = "The river is the border."', "", "“dem-river” .*its first effect must give its wording"),
    ('  item = "dem-river"', '  item = "tlk-spring"', "dem-river: no development has an effect on it"),
    ('talk = "tlk-spring"\nparty', "talk = 7\nparty", "dlg-spring-arland, talk: “7” .*the id of a"),
    ('aim = "To', 'restricted = "no"\naim = "To', "prc-border, restricted: “no” .*true or false"),
    ("[[talk]]", "[[talk", "border.toml is not TOML in UTF-8"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_nearest_right_value(load, right, wrong, message):
    with pytest.raises(CommandError) as refusal:
        load(changed(right, wrong))
    assert re.search(message, str(refusal.value), re.IGNORECASE), str(refusal.value)
    assert "Nothing was written" in str(refusal.value)
    assert not Party.objects.exists()


def test_all_mistakes_are_told_at_once(load):
    with pytest.raises(CommandError) as refusal:
        load(changed('"own_words"', '"x"').replace('"state"', '"y"'))
    assert str(refusal.value).count("cannot stand here") == 3


def test_a_rule_of_the_record_is_told_with_the_record_that_breaks_it(load):
    with pytest.raises(CommandError, match="development dev-ann-river: .*A statement needs its speech act"):
        load(changed('speech_act = "demands"\n', ""))
    assert not Party.objects.exists() and not Effect.objects.exists()


def test_an_editor_may_be_named(load):
    sam = UserFactory(username="sam", editor=True)
    load(by="sam")
    assert {development.recorded_by for development in Development.objects.all()} == {sam}

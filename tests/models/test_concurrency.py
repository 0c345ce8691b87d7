"""Two writers at once, in threads with connections of their own: nothing is lost, and nobody is misled."""

import datetime as dt
import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from tests.corrections import copied
from tests.factories import DemandFactory, FollowUpFactory, PartyFactory, ProcessFactory, UserFactory
from tracker import recording
from tracker.models import Change, Demand, Development, Effect, FollowUp, Item, Process
from tracker.recording.denormalized import development_mismatches, item_mismatches

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 30


def at_once(*tasks):
    """Run `tasks` at the same moment, each in a thread of its own; return what each returned or raised."""
    start = threading.Barrier(len(tasks))

    def run(task):
        try:
            start.wait(timeout=10)
            return task()
        except recording.Outdated as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, task) for task in tasks]]


def assert_proved(process):
    """Stored equals derived, and every instant of writing in `process` is its own, none after the last one kept."""
    assert not list(development_mismatches(Development.objects.values_list("pk", flat=True)))
    assert not list(item_mismatches(Item.objects.values_list("pk", flat=True)))
    versions = Development.objects.filter(process=process).order_by("recorded_at")
    instants = [version.recorded_at for version in versions]
    assert all(earlier < later for earlier, later in itertools.pairwise(instants))
    withdrawn = [version.ended_at for version in versions if version.ended_as == "withdrawn"]
    assert len({*instants, *withdrawn}) == len(instants) + len(withdrawn)
    assert max([*instants, *withdrawn]) == Process.objects.get(pk=process.pk).last_recorded_at


def a_status(demand, status):
    return [Effect(item=demand, party=demand.party, status=status, stance="affirms")]


def a_development(demand, **content):
    content = {"kind": "report", "basis": "paraphrase", "occurred_on": dt.date(2025, 2, 18)} | content
    return Development(process=demand.process, party=demand.party, **content)


class Writer:
    """Writes at random about one demand, and counts what it got through."""

    def __init__(self, name, demand, seed):
        self.name, self.demand, self.random = name, demand, random.Random(seed)
        self.user = UserFactory(username=name, editor=True)
        self.done = dict.fromkeys(("record", "correct", "withdraw", "edit", "outdated"), 0)

    def __call__(self):
        for number in range(ROUNDS):
            action = self.random.choice(["record", "record", "correct", "withdraw", "edit"])
            try:
                getattr(self, action)(f"{self.name} {number}")
                self.done[action] += 1
            except recording.Outdated:
                self.done["outdated"] += 1

    def any_current(self):
        return self.random.choice(list(Development.objects.filter(ended_at=None)) or [None])

    def any_status(self):
        return self.random.choice(["open", "under_discussion", "partly_met", "rejected"])

    def record(self, words):
        day = dt.date(2025, 2, self.random.randint(1, 28))
        new = a_development(self.demand, headline=words, occurred_on=day)
        recording.record(self.user, new, a_status(self.demand, self.any_status()))

    def correct(self, words):
        if (old := self.any_current()) is None:
            raise recording.Outdated(None)
        new = copied(old, headline=words)
        recording.correct(self.user, old, new, a_status(self.demand, self.any_status()), (), "recoded")

    def withdraw(self, words):
        if (old := self.any_current()) is None:
            raise recording.Outdated(None)
        recording.withdraw(self.user, old, words)

    def edit(self, words):
        demand = Demand.objects.get(pk=self.demand.pk)
        demand.title = words
        assert recording.save(self.user, demand)


def test_nothing_is_lost_when_two_write_about_one_item(clock):
    # The clock stands still: that no two instants are alike is then the work of the writers alone.
    clock("2025-03-01T10:00+00:00")
    demand = DemandFactory()
    writers = [Writer("anna", demand, 1), Writer("boris", demand, 2)]
    at_once(*writers)
    done = {action: sum(writer.done[action] for writer in writers) for action in writers[0].done}
    assert sum(done.values()) == 2 * ROUNDS
    versions = Development.objects.filter(process=demand.process)
    assert versions.count() == 1 + done["record"] + done["correct"]
    assert versions.filter(ended_as="corrected").count() == done["correct"]
    assert versions.filter(ended_as="withdrawn").count() == done["withdraw"]
    assert_proved(demand.process)
    edits = list(Change.objects.filter(record_ref=demand.ref, action="changed").order_by("pk"))
    assert len(edits) == done["edit"]
    titles = [(change["old"], change["new"]) for edit in edits for change in edit.changes]
    assert all(earlier[1] == later[0] for earlier, later in itertools.pairwise(titles))
    assert Demand.objects.get().title == titles[-1][1]


def correction(user, old, demand, status):
    return recording.correct(user, old, copied(old, headline=status), a_status(demand, status), (), "recoded")


def test_of_two_corrections_of_one_version_one_wins_and_the_other_is_told():
    demand = DemandFactory()
    old = Development.objects.get()
    users = [UserFactory(editor=True), UserFactory(editor=True)]
    for number in range(10):
        statuses = ("met", "rejected") if number % 2 else ("partly_met", "lapsed")
        results = at_once(
            *(
                partial(correction, user, old, demand, status)
                for user, status in zip(users, statuses, strict=True)
            )
        )
        (loss,) = [result for result in results if isinstance(result, recording.Outdated)]
        (old,) = [result for result in results if isinstance(result, Development)]
        assert loss.current == old
        assert Development.objects.count() == Effect.objects.count() == number + 2
        assert Development.objects.get(ended_at=None) == old
        assert Demand.objects.get().current_status == old.effects.get().status
    assert_proved(demand.process)


def test_a_correction_and_a_withdrawal_at_once_leave_one_of_the_two():
    user = UserFactory(editor=True)
    for _ in range(5):
        demand = DemandFactory()
        old = demand.effects.get().development
        results = at_once(
            partial(recording.withdraw, user, old, "Not so."), partial(correction, user, old, demand, "met")
        )
        assert sum(isinstance(result, recording.Outdated) for result in results) == 1
        assert_proved(demand.process)


def test_an_edit_of_the_title_never_undoes_the_standing():
    demand = DemandFactory(title="Title")
    user, party = UserFactory(editor=True), PartyFactory()
    for number in range(10):
        stale = Demand.objects.get(pk=demand.pk)
        stale.title = f"Title {number}"
        status = ("met", "rejected")[number % 2]
        new = a_development(demand, headline=status)
        at_once(
            partial(recording.save, user, stale, {"addressed_to": [party]}),
            partial(recording.record, user, new, a_status(demand, status)),
        )
        demand.refresh_from_db()
        assert (demand.title, demand.current_status) == (f"Title {number}", status)
    assert_proved(demand.process)


def test_an_edit_of_the_process_never_turns_back_its_clock():
    demand = DemandFactory()
    user = UserFactory(editor=True)
    for number in range(10):
        stale = Process.objects.get()
        stale.summary = f"Summary {number}"
        new = a_development(demand, headline="Later")
        at_once(
            partial(recording.save, user, stale),
            partial(recording.record, user, new, a_status(demand, "met")),
        )
    assert_proved(demand.process)


def test_two_edits_at_once_close_no_circle_of_waiting():
    user, process = UserFactory(editor=True), ProcessFactory()

    def wait(follow_up, other):
        try:
            follow_up = FollowUp.objects.get(pk=follow_up.pk)
            follow_up.waits_for = other.item
            return recording.save(user, follow_up)
        except ValidationError:
            return False

    for _ in range(ROUNDS // 3):
        one, two = FollowUpFactory(process=process), FollowUpFactory(process=process)
        assert sorted(at_once(partial(wait, one, two), partial(wait, two, one))) == [False, True]


def test_two_who_put_the_same_day_in_order_do_not_pass_each_other():
    process, party = ProcessFactory(), PartyFactory()

    def times(name, minutes):
        user = UserFactory(username=name, editor=True)

        def write():
            for minute in minutes:
                new = Development(
                    process=process, party=party, kind="report", basis="paraphrase", headline=f"{name} {minute}",
                    occurred_on=dt.date(2025, 2, 18), occurred_time=dt.time(9, minute),
                )  # fmt: skip
                recording.record(user, new)

        return write

    at_once(times("odd", range(59, 40, -2)), times("even", range(40, 60, 2)))
    rows = list(Development.objects.filter(process=process).latest_first())
    assert [row.occurred_time.minute for row in rows] == list(range(59, 39, -1))
    assert len({(row.placed_at, row.place) for row in rows}) == 20
    assert_proved(process)

"""Killed with -9 at any moment: a recording is whole or absent, and what was interrupted goes on by itself."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.installation import ROOT, SECONDS, ask, command, fresh, started
from tests.killing import (
    NoAnswer,
    Reader,
    answers,
    command_line,
    held_up,
    is_writing,
    killed,
    processes,
    require_sound,
    until,
)

pytestmark = [pytest.mark.installation, pytest.mark.prove, pytest.mark.fault]

ROWS = 900
HEADER = (
    "process,party,effect_item_id,occurred_on,occurred_time,headline,kind,speech_act,basis,effect_stance\n"
)
HELD_UP = """
import time
from tracker.recording import timestamps
from tracker.models import Party, User
from tracker.recording.merging import merge
from tracker import recording

apart = timestamps.Pending._require_apart

def waiting(pending, last):
    apart(pending, last)
    print("all is written", flush=True)
    time.sleep(600)

by = User.objects.filter(role="administrator").first()
parties = [Party(name=name, kind="state") for name in ("Ruritania", "Graustark")]
for party in parties:
    Party.objects.filter(name=party.name).exists() or recording.save(by, party)
timestamps.Pending._require_apart = waiting
merge(by, Party.objects.get(name="Ruritania"), Party.objects.get(name="Graustark"), "")
"""


@pytest.fixture(scope="module")
def place(first_start, tmp_path_factory):
    """The environment of an installation that holds the worked example."""
    with fresh(tmp_path_factory.mktemp("killed"), like=first_start[0]) as given:
        yield given


def test_a_save_is_whole_or_absent_where_the_process_that_answers_is_killed(place):
    sent, answered = [], []
    with started(place, quiet=False) as printed:
        reader = Reader(printed)

        def save(name):
            sent.append(name)
            try:
                address, page = reader.send("/parties/new/", name=name, kind="state")
            except NoAnswer:
                return
            if name in page and address != "/parties/new/":
                answered.append(name)

        def kill():
            """All that answer; the process that keeps them is the first."""
            for process in processes(place, "start")[1:]:
                os.kill(process, signal.SIGKILL)

        save("Party of before")
        for number in range(8):
            sending = threading.Thread(target=save, args=[f"Party {number} of long ago"])
            if number == 0:
                with held_up(place):
                    sending.start()
                    time.sleep(1.5)
                    kill()
                    sending.join()
            else:
                sending.start()
                # Half of them while it is written, the others at any moment.
                if number % 2:
                    until(
                        lambda sending=sending: is_writing(place) or not sending.is_alive(),
                        "Nothing is written.",
                    )
                else:
                    time.sleep(0.04 * number)
                kill()
                sending.join()
            until(lambda: answers(reader), "the server does not answer again")
        save("Party of after")
    assert {"Party of before", "Party of after"} <= {*answered} and sent[1] not in answered
    stored = "SELECT count(*) FROM tracker_{} WHERE {} = '{}'"
    for name in sent:
        kept = ask(place, stored.format("party", "name", name))
        assert kept == (name in answered) or (kept == 1 and name not in answered)
        assert ask(place, stored.format("change", "record_name", name)) == kept
    require_sound(place)


def spoken(environment, phase):
    """How many developments of its file are in force, and how many ever were."""
    count = f"SELECT count(*) FROM tracker_development WHERE headline LIKE '{phase}, %'"  # noqa: S608
    return ask(environment, f"{count} AND ended_at IS NULL"), ask(environment, count)


def rows(environment, phase):
    """A file of ROWS new developments that move a demand."""
    demand = "FROM tracker_item WHERE item_kind = 'demand' ORDER BY id LIMIT 1"
    process = f"SELECT title FROM tracker_process WHERE id = (SELECT process_id {demand})"  # noqa: S608
    party = "SELECT name FROM tracker_party ORDER BY id LIMIT 1"
    fixed = ",".join(f'"{ask(environment, asked)}"' for asked in (process, party, f"SELECT ref {demand}"))
    lines = (
        f'{fixed},2025-03-{row % 28 + 1:02},{row % 24:02}:30,"{phase}, {row}",statement,states,paraphrase,affirms\n'
        for row in range(ROWS)
    )
    return HEADER + "".join(lines)


def test_an_import_that_is_killed_goes_on_by_itself(place):
    """In each of its phases, and while it is undone: then all of its rows are there once, or none is in force."""
    with started(place, quiet=False) as printed:
        reader = Reader(printed)
        for phase in ("read", "made ready", "written", "undone"):
            address, _ = reader.send(
                "/imports/", type="development", text=rows(place, phase), profile="guarded"
            )
            run = Run(place, address)
            if phase == "read":
                run.kill(run.told(500))
            run.wait_for("ready")
            reader.send(address, do="all", dates_are_right="on")
            if phase in ("made ready", "written"):
                run.kill(run.told(500) if phase == "made ready" else run.is_committing)
                assert spoken(place, phase) == (0, 0), "Nothing is there before all of it is."
            run.wait_for("done")
            assert spoken(place, phase) == (ROWS, ROWS)
            if phase == "undone":
                reader.send(address, do="undo")
                run.kill(run.told(500))
                assert spoken(place, phase) == (ROWS, ROWS)
                run.wait_for("undone")
                assert spoken(place, phase) == (0, ROWS)
            require_sound(place)


class Run:
    """An import of an installation, by the address of its page."""

    table, command = "importrun", "import_run"

    def __init__(self, environment, address):
        self.environment, self.ref = environment, address.strip("/").rpartition("/")[2]

    def wait_for(self, state):
        """Wait until it is in `state`."""
        asked = f"SELECT state FROM tracker_{self.table} WHERE ref = '{self.ref}'"  # noqa: S608
        until(lambda: ask(self.environment, asked) == state, f"It is never {state}.")

    def told(self, number):
        """Whether so many rows are finished in its step, as a function."""
        file = Path(self.environment["VAR_DIR"], "imports", f"{self.ref}.progress")

        def is_told():
            try:
                return int(file.read_text()) >= number
            except (FileNotFoundError, ValueError):
                return False

        return is_told

    def is_committing(self):
        """Whether its rows are ready, and are being written."""
        return self.told(ROWS)() and is_writing(self.environment)

    def kill(self, moment):
        """Kill its process, which was just started, at a `moment`."""
        until(self._processes, "No process was started for it.")
        until(moment, "The moment never comes.")
        found = self._processes()
        assert found, "It was over by then."
        for process in found:
            os.kill(process, signal.SIGKILL)

    def _processes(self):
        return [
            process
            for process in processes(self.environment, self.command)
            if self.command != "import_run" or self.ref in command_line(process)
        ]


class Job(Run):
    """A job of an installation, which one process does with the others that wait."""

    table, command = "job", "run_jobs"


class File(Run):
    """A file of an installation that is prepared, by one process with the others that wait."""

    table, command = "preparedfile", "prepare_files"


def test_a_package_that_is_killed_while_it_is_prepared_goes_on_by_itself(place):
    with started(place, quiet=False) as printed:
        reader = Reader(printed)

        def read(path):
            with reader.opener.open(reader.url + path, timeout=SECONDS) as answer:
                return answer.read()

        address, _ = reader.send("/files/prepare/?address=/package.zip")
        file = File(place, address)
        file.kill(file.told(1))
        file.wait_for("done")
        assert ask(place, "SELECT attempts FROM tracker_preparedfile") == 2
        assert read(f"{address}negotiation-record.zip") == read("/package.zip")
    left = {path.suffix for path in Path(place["VAR_DIR"], "imports").glob("fil-*")}
    assert left == {".prepared"}


def test_a_merge_in_the_background_that_is_killed_goes_on_by_itself(place):
    merged = "FROM tracker_party ORDER BY id LIMIT 1"
    with started(place, quiet=False) as printed:
        reader = Reader(printed)
        for phase in ("some", "more"):
            address, _ = reader.send(
                "/imports/", type="development", text=rows(place, phase), profile="guarded"
            )
            Run(place, address).wait_for("ready")
            reader.send(address, do="all", dates_are_right="on")
            Run(place, address).wait_for("done")
        reader.send("/parties/new/", name="The Party That Stays", kind="state")
        stays = ask(place, "SELECT ref FROM tracker_party WHERE name = 'The Party That Stays'")
        path = f"/parties/{ask(place, f'SELECT ref {merged}')}/merge/"
        kept = {"into": stays, "note": "The same", "seen": f"{ask(place, f'SELECT version {merged}')} 1"}
        address, _ = reader.send(path, **kept)
        job = Job(place, address)
        # While its developments are made ready, and while all of it is written.
        for moment in (job.told(500), lambda: job.told(2 * ROWS)() and is_writing(place)):
            job.kill(moment)
            assert ask(place, "SELECT count(*) FROM tracker_party WHERE merged_into_id IS NOT NULL") == 0
        job.wait_for("done")
        assert ask(place, "SELECT count(*) FROM tracker_party WHERE merged_into_id IS NOT NULL") == 1
        assert ask(place, "SELECT attempts FROM tracker_job") == 3
        require_sound(place)


def test_the_example_is_loaded_whole_after_it_was_killed(tmp_path):
    make = "from tracker.models import User; User.objects.create_user('ana', role='administrator')"
    with fresh(tmp_path) as environment:
        for arguments in (("migrate", "-v0"), ("shell", "-v0", "-c", make)):
            subprocess.run(command(*arguments), cwd=ROOT, env=environment, check=True, timeout=SECONDS)
        for wait in (0, 0.3):

            def moment(process, wait=wait):
                until(
                    lambda: process.poll() is not None or is_writing(environment),
                    "it does not begin to write",
                )
                time.sleep(wait)

            killed(environment, "load_example", moment=moment)
            assert ask(environment, "SELECT count(*) FROM tracker_party") == 0
            require_sound(environment)
        subprocess.run(command("load_example"), cwd=ROOT, env=environment, check=True, timeout=SECONDS)
        assert ask(environment, "SELECT count(*) FROM tracker_development") > 0
        require_sound(environment)


def test_a_merge_that_is_killed_after_its_last_word_is_none(place):
    def moment(process):
        assert process.stdout.readline() == "all is written\n", process.stderr.read()

    merged = "SELECT count(*) FROM tracker_party WHERE merged_into_id IS NOT NULL"
    before, count = ask(place, "SELECT at FROM tracker_lastrecording"), ask(place, merged)
    killed(place, "shell", "-v0", "-c", HELD_UP, moment=moment)
    assert ask(place, merged) == count
    assert ask(place, "SELECT at FROM tracker_lastrecording") > before, "Both parties were recorded."
    require_sound(place)

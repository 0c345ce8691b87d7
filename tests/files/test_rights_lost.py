"""Who loses a right while an import waits, or later, neither undoes it nor reads what it said of what is hidden now."""

import pytest

from tests import factories as make
from tests.files.test_undoing import written
from tests.pages.test_imports import sent
from tracker import recording
from tracker.files.importing.runs import work
from tracker.models import ImportRun, User
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


def test_what_an_import_said_is_not_shown_once_it_may_name_what_is_hidden(client, alice, restricted_process):
    client.force_login(alice)
    make.DemandFactory(process=restricted_process, title="Withdrawal of the fleet")
    cable = make.SourceFactory(title="A secret cable", process=restricted_process)
    files = {
        "effect": "item\nWithdrawal of the fleets\n",
        "source": "publisher,title,kind\nEmbassy,A secret cable,statement\n",
        "party": "name,kind\nRuritania,stat\n",
    }
    for url_name, text in files.items():
        sent(client, url_name, text)
    wrong, asked, plain = (run.get_absolute_url() for run in ImportRun.objects.order_by("pk"))
    pages = wrong, asked, f"{wrong}wrong.csv"

    def named():
        texts = [client.get(page).getvalue().decode() for page in pages]
        return ["Withdrawal of the fleet" in texts[0], cable.ref in texts[1], "of the fleet" in texts[2]]

    assert named() == [True] * 3
    # One that is begun, or was hidden, is named nowhere in it.
    make.ProcessFactory(restricted=True)
    assert named() == [True] * 3 and "Nearest: state" in client.get(plain).text
    restricted_process.members.remove(alice)
    assert named() == [False] * 3
    assert "What it says of its rows is not shown" in client.get(wrong).text


@pytest.mark.parametrize("taken", ["role", "account", "membership"])
def test_an_import_is_not_undone_for_somebody_who_may_not_do_so_any_more(dave, taken):
    user = make.UserFactory(editor=True)
    process = make.ProcessFactory(restricted=True, members=[user])
    run = written(user, "watch-phrase", {"process": process.ref, "phrase": "Root causes", "why": "A code."})
    run.undone_by, run.state = user, ImportRun.State.UNDOING
    run.save()
    if taken == "membership":
        recording.save(dave, process, {"members": []})
    else:
        values = {"role": {"role": "analyst"}, "account": {"is_active": False}}[taken]
        User.objects.filter(pk=user.pk).update(**values)
    work(run, BY_URL_NAME["watch-phrase"])
    run.refresh_from_db()
    assert (run.state, run.problems) == ("done", ["Whoever asked for it may not undo it any more."])
    assert process.watch_phrases.count() == 1

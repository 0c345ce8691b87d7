"""The recipes of docs/adding-a-record-type.md work to the letter, and a step left out is named by a test."""

import contextlib

import pytest

from tests.house.recipes import Copy, added, blocks

TYPE, FIELD = "Adding a record type", "Adding a field"
DOCUMENTS = {"docs/domain.md"}
REGISTER = "tests/over_the_register/test_register.py"
CHECKS = "tests/over_the_register/test_fields.py"
NAMED = "sound or reason or every_type"
"""The tests that go over the whole register at once."""
OVER_ALL_TYPES = (
    "tests/over_the_register",
    "tests/admin/test_pages.py",
    "tests/admin/test_edited_at_once.py",
    "tests/files/test_importing.py",
    "tests/files/test_importing_forms.py",
    "tests/files/test_package.py",
    "tests/files/test_package_contents.py",
    "tests/models/test_authorship.py",
    "tests/models/test_sealed.py",
    "tests/models/test_visibility.py",
    "tests/pages/test_api.py",
    "tests/pages/test_not_yet.py",
    "tests/pages/test_own_records.py",
    "tests/pages/test_roles.py",
    "tests/pages/test_search.py",
    "tests/house/test_docs.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the tree in which both recipes were followed; `changed` has the files of each."""
    copy = Copy(tmp_path_factory.mktemp("recipes"))
    copy.changed = {recipe: copy.follow(recipe) - DOCUMENTS for recipe in (FIELD, TYPE)}
    return copy


def passes(result):
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("recipe", "most"), [(TYPE, 12), (FIELD, 5)])
def test_a_recipe_takes_few_files(copy, recipe, most):
    named = {block.path for block in blocks(recipe) if block.path} - DOCUMENTS
    migrations = copy.changed[recipe] - named
    assert [path.rpartition("/")[0] for path in migrations] == ["tracker/migrations"]
    assert len(copy.changed[recipe]) <= most


def test_what_the_recipes_write_is_in_good_style(copy):
    written = [path for files in copy.changed.values() for path in files if path.endswith(".py")]
    passes(copy.run("-m", "ruff", "check", "--force-exclude", *written))
    passes(copy.run("-m", "ruff", "format", "--check", "--force-exclude", *written))


@pytest.mark.prove
def test_nothing_is_left_out_by_the_recipes(copy):
    passes(copy.test(REGISTER, CHECKS, "-k", f"{NAMED} or demand or term"))


@pytest.mark.prove
def test_all_that_is_promised_of_every_type_holds_for_the_new_ones(copy):
    passes(copy.test(*OVER_ALL_TYPES, "-k", "term or demand or every_type or each_type"))


@pytest.mark.prove
def test_the_recipes_keep_to_the_layout(copy):
    passes(copy.run("-m", "tests.lint"))


FORGOTTEN = {
    "filter of a field": (
        "tracker/register/demand.py",
        '    deadline_since = since("deadline_on", "Deadline from")\n'
        '    deadline_until = until("deadline_on", "Deadline to")\n',
        "Demand.deadline_on: no filter; add one in tracker/register/demand.py",
    ),
    "column of a field": (
        "tracker/register/demand.py",
        '        *date("deadline_on", "Deadline", order=("deadline_on",)),\n',
        "Demand.deadline_on: no column; add it to `columns` in tracker/register/demand.py",
    ),
    "input of a field": (
        "tracker/forms/positions.py",
        ' "deadline_on",',
        "Demand.deadline_on: no input; add it to `fields` in tracker/forms/positions.py",
    ),
    "line of a field": (
        "templates/item/_demand_facts.html",
        added(FIELD, "templates/item/_demand_facts.html"),
        "Demand.deadline_on: no line on its page; add it to templates/item/_demand_facts.html",
    ),
    "filter of a type": (
        "tracker/register/term.py",
        '    party = ReferenceFilter(Party, "party", "Party")\n',
        "Term.party: no filter; add one in tracker/register/term.py",
    ),
    "column of a type": (
        "tracker/register/term.py",
        '        text("description", "Description", listed=True, is_undated=True),\n',
        "Term.description: no column; add it to `columns` in tracker/register/term.py",
    ),
    "input of a type": (
        "tracker/forms/terms.py",
        ', "description"',
        "Term.description: no input; add it to `fields` in tracker/forms/terms.py",
    ),
    "admin of a type": (
        "tracker/admin/__init__.py",
        "    terms,\n",
        "Term: not in the admin; add a module to tracker/admin/ and its name to tracker/admin/__init__.py",
    ),
    "page of a type": (
        "tracker/models/terms.py",
        '    url_name = "term"\n',
        "term: `url_name` of the model is None, not term.",
    ),
    "declaration of a type": (
        "tracker/register/__init__.py",
        " TERM,\n",
        "Term: no record type declares it; add one to tracker/register/",
    ),
    "factory of a type": (
        "tests/factories/processes.py",
        added(TYPE, "tests/factories/processes.py"),
        "Term: no factory; add one to tests/factories/",
    ),
}
"""What is left out -> (the file, what stands in it, the message that names it)."""


@pytest.fixture
def without(copy):
    """Takes something out of a file of the copy until the test ends."""
    with contextlib.ExitStack() as restored:

        def take_out(path, text, instead=""):
            whole = copy.read(path)
            assert whole.count(text) == 1, f"{text!r} stands {whole.count(text)} times in {path}"
            copy.change(path, whole.replace(text, instead))
            restored.callback(copy.change, path, whole)

        yield take_out


@pytest.mark.prove
@pytest.mark.parametrize("step", FORGOTTEN)
def test_a_step_that_is_left_out_is_named(copy, without, step):
    path, text, message = FORGOTTEN[step]
    without(path, text)
    result = copy.test(REGISTER, CHECKS, "-k", f"{NAMED} or demand or term")
    assert result.returncode == 1 and message in result.stdout, result.stdout


@pytest.mark.prove
def test_a_field_that_an_admin_does_not_list_is_named(copy, without):
    form = "    form = TermForm\n"
    without("tracker/admin/terms.py", form, f'{form}    fields = ("process", "word", "party")\n')
    result = copy.test(CHECKS, "-k", "term")
    message = "Term.description: no field in the admin; add it to `fields` in tracker/admin/terms.py"
    assert result.returncode == 1 and message in result.stdout, result.stdout

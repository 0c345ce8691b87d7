"""The texts of one wording in several languages: one wording for the rule, and for all that follows from it."""

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tests import factories as make
from tests.corrections import correct
from tests.models.writing import new, refused
from tests.trusting import trusting
from tracker import recording
from tracker.clocks import PRESENT, Clocks
from tracker.domain.doubt import doubt_codes, doubts
from tracker.domain.movement import moved
from tracker.domain.standing import standings
from tracker.models import Effect, Item, Principle, wordings
from tracker.models.base import writes_allowed
from tracker.models.vocabularies import Movement
from tracker.recording.merging import merge

pytestmark = pytest.mark.django_db

ENGLISH, PERSIAN = ("en", "shall close the site"), ("fa", "سایت را ببندد")


@pytest.fixture
def principle():
    return make.PrincipleFactory(title="Closure of the site")


def text(item, language, words, **values):
    """An unsaved effect that sets a text of the wording of `item`."""
    return make.EffectFactory.build(item=item, wording=words, wording_language=language, **values)


def worded(item, *texts, **options):
    """A development that sets `texts`, pairs of language and words, as the wording of `item`."""
    effects = [text(item, language, words) for language, words in texts]
    return make.DevelopmentFactory(effects=effects, **options)


def leading(development):
    """The effect of `development` with the text that is shown first."""
    return development.effects.get(other_texts__isnull=False)


def texts_of(item, clocks=PRESENT):
    """The texts that stand of the wording of `item`, as pairs of language and words."""
    standing = standings(Item.objects.filter(pk=item.pk), clocks)[item.pk]
    return [(each.language, each.words) for each in standing.texts]


def test_all_texts_of_the_deciding_development_stand(principle):
    worded(principle, ("", "May close it"), occurred_on=dt.date(2025, 2, 17))
    worded(principle, ENGLISH, PERSIAN)
    assert texts_of(principle) == [ENGLISH, PERSIAN]
    standing = standings(Item.objects.filter(pk=principle.pk))[principle.pk]
    assert standing.text == "shall close the site"
    assert texts_of(principle, Clocks(on=dt.date(2025, 2, 17))) == [("", "May close it")]
    # What is said later takes the place of all of them.
    worded(principle, ("en", "may close the site"), occurred_on=dt.date(2025, 2, 19))
    assert texts_of(principle) == [("en", "may close the site")]


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ([PERSIAN, ENGLISH], [PERSIAN, ENGLISH]),
        ([PERSIAN, ("", "Close it"), ENGLISH], [("", "Close it"), PERSIAN, ENGLISH]),
    ],
)
def test_the_text_without_a_language_is_shown_first_or_else_the_first_recorded(principle, recorded, shown):
    worded(principle, *recorded)
    assert texts_of(principle) == shown
    stored = Principle.objects.get()
    assert (stored.current_wording_language, stored.current_wording) == shown[0]
    assert stored.current_other_texts == [list(other) for other in shown[1:]]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((None, None, None), []),
        (("", "en", []), []),
        (("Close it", None, None), [("", "Close it")]),
        # What only repeats the title is not shown beside it, unless it says the same in another language.
        (("Close it", "en", None, "Close it"), []),
        (("Close it", "en", [], "Close it"), []),
        (("Close it", "en", [PERSIAN], "Close it"), [("en", "Close it"), PERSIAN]),
        (("Close it now", "en", [], "Close it"), [("en", "Close it now")]),
    ],
)
def test_the_texts_to_show_are_those_that_say_more_than_the_title(parts, shown):
    assert [(text.language, text.words) for text in wordings.texts_of(*parts)] == shown


def test_a_correction_takes_all_texts_along_in_their_order(principle):
    development = worded(principle, PERSIAN, ENGLISH)
    correct(development, detail="From the joint text.")
    assert texts_of(principle) == [PERSIAN, ENGLISH]


def test_texts_of_one_development_are_no_movement_and_leave_nothing_in_doubt(principle):
    february = {"occurred_on": dt.date(2025, 2, 1), "occurred_precision": "month"}
    first = worded(principle, ENGLISH, PERSIAN, **february)
    assert doubts([principle.pk], Clocks(on=dt.date(2025, 3, 1))) == {}
    # The same words in another order, or without their languages, are the same wording.
    second = worded(principle, PERSIAN, ("", ENGLISH[1]), occurred_on=dt.date(2025, 2, 20))
    assert doubts([principle.pk], Clocks(on=dt.date(2025, 3, 1))) == {}
    assert moved("wording", leading(first), leading(second)) is None


def test_a_wording_with_another_text_is_reworded_and_is_named_where_it_is_in_doubt(principle):
    february = {"occurred_on": dt.date(2025, 2, 1), "occurred_precision": "month"}
    first = worded(principle, ENGLISH, ("fa", "ببندد"), **february)
    second = worded(principle, ENGLISH, PERSIAN, occurred_on=dt.date(2025, 2, 20))
    assert moved("wording", leading(first), leading(second)) == Movement.REWORDED
    codes = doubt_codes([principle.pk], Clocks(on=dt.date(2025, 3, 1)))
    assert codes == {principle.pk: "wording: “shall close the site” / “ببندد”"}
    assert Principle.objects.get().current_doubt == codes[principle.pk]


def test_two_texts_in_one_language_are_refused_by_its_name(principle):
    with pytest.raises(ValidationError, match="two different values of wording in Persian"):
        worded(principle, PERSIAN, ("fa", "ببندد"))
    with pytest.raises(ValidationError, match="two different values of wording in Persian"):
        worded(principle, PERSIAN, ("FA", "ببندد"))
    assert not Effect.objects.filter(wording_language="fa").exists()


def test_a_row_in_another_language_sets_nothing_but_its_wording(principle):
    party = make.PartyFactory()
    both = [text(principle, *ENGLISH, status="agreed"), text(principle, *PERSIAN, status="agreed")]
    with pytest.raises(ValidationError, match=r"status in Persian: .* sets nothing else"):
        make.DevelopmentFactory(effects=both)
    # A stance in a row of its own is the same party's, and no text.
    apart = [text(principle, *ENGLISH, stance="affirms", party=party), text(principle, *PERSIAN, party=party)]
    make.DevelopmentFactory(effects=apart)
    assert texts_of(principle) == [ENGLISH, PERSIAN]


def test_a_language_needs_a_wording(principle):
    effect = text(principle, "fa", None, status="agreed")
    refused(
        "A language is that of a wording",
        recording.record,
        make.UserFactory(),
        new(principle.process),
        [effect],
    )
    worded(principle, ENGLISH)
    with writes_allowed(), pytest.raises(IntegrityError), transaction.atomic():
        Effect.objects.filter(wording_language="en").update(wording=None, status="agreed")


def test_what_is_stored_of_the_texts_is_checked_and_repaired(principle):
    worded(principle, ENGLISH, PERSIAN)
    with writes_allowed():
        Effect.objects.filter(wording_language="en").update(other_texts=[])
    found = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_standing", stdout=found, stderr=found)
    assert "other_texts is []" in found.getvalue()
    call_command("check_standing", repair=True, stdout=found)
    assert texts_of(principle) == [ENGLISH, PERSIAN]


@pytest.mark.parametrize("prefers", [False, True])
def test_a_merge_keeps_the_texts_of_both_and_one_of_each_language(principle, prefers):
    other = make.PrincipleFactory(title="Closing of the site", process=principle.process)
    said = [
        text(principle, *ENGLISH, status="agreed"),
        text(other, "en", "may close it"),
        text(other, *PERSIAN, status="agreed"),
    ]
    development = make.DevelopmentFactory(effects=said)
    refs = dict(Effect.objects.filter(development=development, item=other).values_list("ref", "wording"))
    choices = {ref: prefers for ref, words in refs.items() if words == "may close it"}
    with trusting():
        merge(
            make.UserFactory(editor=True),
            Principle.objects.get(pk=other.pk),
            Principle.objects.get(pk=principle.pk),
            "",
            choices,
        )
    english = ("en", "may close it") if prefers else ENGLISH
    assert texts_of(principle) == [english, PERSIAN]
    rows = Effect.objects.at(PRESENT).filter(development__ref=development.ref)
    assert sorted(rows.values_list("wording_language", "status")) == [("en", "agreed"), ("fa", None)]

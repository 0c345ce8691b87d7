"""After an upgrade, a command lists the standings that the changed rule for “before” has changed."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from tests import factories as make
from tracker.models import Effect

pytestmark = pytest.mark.django_db


def listed():
    """What the command prints, by line."""
    out = io.StringIO()
    call_command("changed_standings", stdout=out)
    return out.getvalue().splitlines()


def hear(principle, party, stance, day, precision="day"):
    return make.DevelopmentFactory(
        process=principle.process, occurred_on=dt.date(2025, 2, day), occurred_precision=precision,
        effects=[Effect(item=principle, party=party, stance=stance)],
    )  # fmt: skip


@pytest.fixture
def freeze():
    return make.PrincipleFactory(title="A freeze", development={"occurred_on": dt.date(2025, 2, 1)})


def test_a_stance_that_rested_on_an_earlier_day_unknown_is_listed_with_both_values(freeze):
    party = make.PartyFactory(name="Graustark")
    dated = hear(freeze, party, "affirms", 10)
    earlier = hear(freeze, party, "rejects", 18, "before")
    rule, change, count = listed()
    assert "before a day comes behind everything" in rule
    assert change == (
        f"{freeze.ref} A freeze: stance of Graustark is “affirms” (10 Feb 2025, {dated.ref}); "
        f"it was “rejects” (before 18 Feb 2025, {earlier.ref})"
    )
    assert count == "1 changed."


@pytest.mark.parametrize(("stance", "day"), [("rejects", 10), ("affirms", 18)])
def test_what_stands_as_it_did_is_not_listed(freeze, stance, day):
    party, other = make.PartyFactory(), make.PartyFactory()
    hear(freeze, party, "affirms", 10)
    # Before the dated one in both orders, or with the same value.
    hear(freeze, party, stance, day, "before")
    # Nothing dated stands beside it.
    hear(freeze, other, "rejects", 18, "before")
    assert listed() == ["0 changed."]


def test_the_day_before_and_what_is_no_stance_are_listed_too(freeze):
    earlier = make.DevelopmentFactory(
        process=freeze.process, occurred_on=dt.date(2025, 2, 18), occurred_precision="before",
        effects=[Effect(item=freeze, status="abandoned")],
    )  # fmt: skip
    dated = make.DevelopmentFactory(
        process=freeze.process,
        occurred_on=dt.date(2025, 2, 17),
        effects=[Effect(item=freeze, status="agreed")],
    )
    _, change, _ = listed()
    assert change == (
        f"{freeze.ref} A freeze: status is “agreed” (17 Feb 2025, {dated.ref}); "
        f"it was “abandoned” (before 18 Feb 2025, {earlier.ref})"
    )


def test_within_a_day_the_order_was_the_same(freeze):
    party = make.PartyFactory()
    hear(freeze, party, "rejects", 10, "before")
    hear(freeze, party, "affirms", 18)
    hear(freeze, party, "disputes", 18)
    assert listed() == ["0 changed."]

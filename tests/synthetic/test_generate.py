"""The synthetic record: as large and as skewed as asked, the same each time, and sound by every rule of the record."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q

from tracker.clocks import PRESENT
from tracker.domain.standing import VALUES, derive, latest_stance
from tracker.models import Citation, Development, Effect, Item, ItemStance, Process, User
from tracker.models.names import names_of
from tracker.recording.timestamps import last_instant
from tracker.synthetic.generation import BROAD, shapes

pytestmark = pytest.mark.django_db


def generate(**options):
    call_command("generate", verbosity=0, **options)


def content():
    """What the record says, without the keys that the database chose."""
    return [
        list(
            Development.objects.order_by("ref", "version").values_list(
                "ref", "version", "headline", "recorded_at", "ended_at"
            )
        ),
        list(
            Effect.objects.order_by("ref").values_list(
                "ref", "item__ref", "party__ref", "status", "stance", "due_on"
            )
        ),
        list(Citation.objects.order_by("ref").values_list("ref", "source__ref", "quote")),
        list(
            Item.objects.order_by("ref").values_list("ref", "title", "current_status", "current_changed_key")
        ),
    ]


def test_it_is_as_large_and_as_skewed_as_asked():
    generate(developments=1_000, seed=1)
    sizes = Process.objects.annotate(
        developments_number=Count("developments", filter=Q(developments__version=1), distinct=True),
        items_number=Count("items", distinct=True),
    )  # fmt: skip
    sizes = sizes.order_by("-developments_number").values_list("developments_number", "items_number")
    assert sum(number for number, _ in sizes) == 1_000
    assert sum(number for _, number in sizes) == pytest.approx(100, rel=0.05)
    assert sizes[0] == (100, 10)
    assert Development.objects.filter(ended_as="corrected").count() == pytest.approx(30, rel=0.4)
    for model in (Item, Development):
        assert (
            names_of(model).filter(record_id__in=model.objects.values("pk")).count() == model.objects.count()
        )
    assert Development.objects.filter(ended_as="withdrawn").count() == pytest.approx(10, rel=0.6)
    assert {"day", "month", "year", "before"} == set(
        Development.objects.values_list("occurred_precision", flat=True)
    )
    assert Effect.objects.filter(recorded_at__gt=F("development__first_recorded_at")).exists()
    assert last_instant() == Process.objects.latest("last_recorded_at").last_recorded_at
    assert not Development.objects.filter(
        Q(recorded_at__gt=last_instant()) | Q(ended_at__gt=last_instant())
    ).exists()


def test_its_standing_is_what_the_rule_gives():
    generate(developments=1_000, seed=2)
    stored = Item.objects.order_by("pk").values_list("pk", *(f"current_{name}" for name in VALUES))
    assert list(stored) == list(derive(Item.objects.order_by("pk"), PRESENT).values_list("pk", *VALUES))
    stances = ItemStance.objects.annotate(derived=latest_stance(PRESENT, "stance"))
    assert all(stance.current_stance == stance.derived for stance in stances)
    pairs = set(Effect.objects.filter(stance__isnull=False).values_list("item", "party").order_by())
    assert set(stances.values_list("item", "party")) == pairs


@pytest.mark.prove
def test_a_sample_of_it_passes_every_rule_of_the_forms():
    generate(developments=100, seed=3)
    for development in Development.objects.select_related("process")[:50]:
        development.full_clean()
    for effect in Effect.objects.select_related("item", "development")[:50]:
        effect.full_clean()
    for item in Item.objects.all()[:50]:
        getattr(item, f"as_{item.item_kind}").full_clean()


def test_the_same_number_and_seed_give_the_same_record_and_another_seed_another():
    seen = []
    for seed in (4, 4, 5):
        with transaction.atomic():
            generate(developments=60, seed=seed)
            seen.append(content())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def test_it_stays_out_of_a_record_that_holds_processes_unless_told_to_add():
    generate(developments=50, seed=6)
    with pytest.raises(CommandError, match="holds processes already"):
        generate(developments=50, seed=7)
    with pytest.raises(CommandError, match="Seed 6 has been used"):
        generate(developments=50, seed=6, add=True)
    generate(developments=50, seed=7, add=True)
    assert Development.objects.filter(version=1).count() == 100


def test_nobody_can_sign_in_as_its_recorder():
    generate(developments=20, seed=8)
    user = User.objects.get(username="generator")
    assert not user.is_active
    assert not user.has_usable_password()


@pytest.mark.parametrize("number", [1, 7, 10, 999, 100_000, 1_000_000])
def test_the_sizes_add_up(number):
    sizes = shapes(number)
    assert sum(shape.developments for shape in sizes) == number
    assert max(shape.developments for shape in sizes) == max(number // 10, min(number, 10))
    assert (BROAD in sizes) == (number >= 100_000)

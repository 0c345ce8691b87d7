"""What counts as the same name, and that what is stored of names keeps step with the records."""

import unicodedata

import pytest
from django.db import transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tracker import recording
from tracker.models import (
    DerivedText,
    Office,
    Party,
    Person,
    Process,
    RecordName,
    Source,
    Talk,
    derived,
    names_rebuilt,
)
from tracker.queries.record_lookup import ValidationError, find
from tracker.text.folding import _ALIKE, key, look, visible

pytestmark = pytest.mark.both

SAME = [
    ("Québec", "QUÉBEC"),
    ("Québec", unicodedata.normalize("NFD", "québec")),
    ("İzmir", "izmir"),
    ("İZMİR", "Izmır"),
    ("Straße", "STRASSE"),
    ("Łódź", "lodz"),
    ("БЕЛАРУСЬ", "Беларусь"),
    ("Ἀθῆναι", "αθηναι"),
    ("New\u00a0Zealand", "new  zealand"),
    ("New\u3000Zealand\t", " New\u202fZealand"),
    ("Nor\u00adway", "Nor\u200bway"),
    ("\u200fعمان\u200e", "عمان"),
    ("أردن", "اردن"),
    ("کردستان", "كردستان"),
    ("یمن", "يمن"),
    ("ＡＳＥＡＮ", "ASEAN"),
    ("ｱｼﾞｱ", "アジア"),
    ("조선", unicodedata.normalize("NFD", "조선")),
    ("L'Aquila", "L’Aquila"),
    ("Кам'янець", "Камʼянець"),
    ("Guinea\u2011Bissau", "Guinea-Bissau"),
    ("the Netherlands", "Netherlands"),
    ("The Hague", "hague"),
    ("U.N.", "U.N"),
    ("U.N.", "UN"),
    ("“Quartet”", "Quartet"),
    ("Group of ٧", "Group of 7"),
    ("Côte d՚Ivoire", "「Côte d'Ivoire」"),
    ("New Zealand", "New\u2800Zealand\uffa0"),
]
DIFFERENT = [
    ("Niger", "Nigeria"),
    ("Draft 1.2", "Draft 12"),
    ("かき", "がき"),
    ("ASEAN", "АSEAN"),
    ("Theban", "ban"),
    ("North Korea", "South Korea"),
    ("한국", "한글"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_are_one_name(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_two_names(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize("name", [name for pair in SAME + DIFFERENT for name in pair])
def test_a_key_is_its_own_key(name):
    assert key(key(name)) == key(name)


def test_nothing_legible_is_lost():
    assert key("…") and key("?") and key("The") and not key(" \u200b\u00ad ")
    assert visible("a\u200b\u00a0 \u3164b\u2800") == "a b"


def test_what_looks_the_same_is_known_for_what_it_is():
    assert look("АSЕАN") == key("ASEAN") != key("АSЕАN") and look("Москва") != key("Mockva")
    assert {look(text) for text in ("Օman", "ꓳꓟꓮꓠ", "Omаո", "Ⲟman", "ᴏman", "Omɑn")} == {key("Oman")}
    assert look("РΦ") == look("РФ") and look("κ") == look("к") and look("口シア") == look("ロシア")
    assert look("Ꮃales") == look("Ԝales") == key("Wales") != key("Ꮃales")


@pytest.mark.django_db
class TestStored:
    """The names that are kept beside the records."""

    def test_a_new_name_is_found_and_the_old_one_is_not(self, bob):
        party = make.PartyFactory(name="Siam", aliases=["Muang Thai"])
        party.name, party.aliases = "Thailand", ["Siamese Kingdom"]
        recording.save(bob, party)
        assert find(Party.objects.all(), "siamese  kingdom") == party == find(Party.objects.all(), "THAILAND")
        for old in ("Siam", "Muang Thai"):
            with pytest.raises(ValidationError):
                find(Party.objects.all(), old)

    def test_a_deleted_record_leaves_no_name(self, bob):
        party = make.PartyFactory(name="Atlantis", aliases=["Poseidonis"])
        recording.delete(bob, party)
        assert not RecordName.objects.filter(key__in=["atlantis", "poseidonis"]).exists()

    def test_rebuilding_changes_nothing(self):
        make.DemandFactory(), make.SourceFactory(), make.DelegationFactory()
        make.OfficeFactory(person=make.PersonFactory(name="Ana de la Vega", aliases=["Анна Вега"]))

        def stored():
            return sorted(RecordName.objects.values_list("record_type", "record_id", "key", "rank"))

        before = stored()
        assert names_rebuilt.rebuild() == len(before)
        assert stored() == before

    def test_the_migration_that_makes_the_table_fills_it(self):
        party = make.PartyFactory(name="Siam")
        RecordName.objects.all().delete()
        DerivedText.objects.all().delete()
        derived.install()
        assert find(Party.objects.all(), "SIAM") == party

    def test_a_talk_is_found_among_talks_and_among_items(self):
        talk = make.TalkFactory(title="Geneva round")
        assert find(Talk.objects.all(), "geneva ROUND") == talk
        assert find(Talk.item.field.related_model.objects.all(), "geneva round").pk == talk.pk

    def test_what_has_no_other_name_is_stored_once(self):
        party = make.PartyFactory(name="Siam", short_name="")
        assert [row.key for row in RecordName.objects.filter(record_type="party", record_id=party.pk)] == [
            "siam"
        ]

    def test_a_long_title_is_told_from_one_that_begins_alike(self):
        one, other = (make.SourceFactory(title="Long " * 70 + ending) for ending in ("one", "two"))
        assert find(Source.objects.all(), "long " * 70 + "TWO") == other
        assert find(Source.objects.all(), one.title) == one


@pytest.mark.django_db
class TestMeaning:
    """Which record a text means."""

    def refused(self, queryset, text):
        with pytest.raises(ValidationError) as error:
            find(queryset, text)
        return error.value.messages[0]

    @pytest.mark.parametrize(
        "text", ["Duarte", "DUARTE", "Rosa Duarte", "Duarte, Rosa", "Дуарте", "Дуарте, Роза"]
    )
    def test_a_surname_that_one_person_has(self, text):
        rosa = make.PersonFactory(name="Rosa Duarte", aliases=["Роза Дуарте"])
        make.PersonFactory(name="Duarte Silva")
        assert find(Person.objects.all(), text) == rosa

    @pytest.mark.parametrize("text", ["van der Berg", "der Berg", "Berg"])
    def test_a_surname_of_several_words(self, text):
        anna = make.PersonFactory(name="Anna van der Berg Jr.")
        assert find(Person.objects.all(), text) == anna

    def test_a_surname_that_two_people_have_is_asked_about(self):
        people = [make.PersonFactory(name=f"{given} Duarte") for given in ("Rosa", "Luis")]
        message = self.refused(Person.objects.all(), "Duarte")
        assert all(f"{one} ({one.party}) [{one.ref}]" in message for one in people)

    def test_a_whole_name_comes_before_a_surname_and_an_alias(self):
        alone = make.PersonFactory(name="Duarte")
        make.PersonFactory(name="Rosa Duarte"), make.PersonFactory(name="Luis Gil", aliases=["Duarte"])
        assert find(Person.objects.all(), "duarte") == alone

    def test_a_spelling_that_one_alone_has_means_that_one(self):
        one, other = make.PersonFactory(name="Jose Gil"), make.PersonFactory(name="José Gil")
        assert (
            find(Person.objects.all(), "Jose Gil") == one and find(Person.objects.all(), "José Gil") == other
        )
        assert "can mean several" in self.refused(Person.objects.all(), "JOSE GIL")

    def test_offices_of_one_title_are_told_apart_by_who_held_them(self):
        rosa, luis = (
            make.OfficeFactory(title="Envoy", person__name=name) for name in ("Rosa Duarte", "Luis Gil")
        )
        message = self.refused(Office.objects.all(), "envoy")
        assert f"Envoy (Rosa Duarte) [{rosa.ref}]" in message and f"Envoy (Luis Gil) [{luis.ref}]" in message

    def test_a_source_as_its_page_is_headed(self):
        source = make.SourceFactory(publisher="Morning Post", title="Envoy’s briefing")
        make.SourceFactory(publisher="Evening Post", title="Envoy’s briefing")
        assert find(Source.objects.all(), "morning post:  envoy's briefing") == source

    def test_the_nearest_is_never_somebody_else_than_the_one_on_record(self):
        make.PersonFactory(name="Marta Olsen"), make.PersonFactory(name="Yuri Alkhov")
        make.PersonFactory(name="Aleksandr Alekhov")
        assert self.refused(Person.objects.all(), "Alehov").endswith("Nearest: Aleksandr Alekhov.")
        assert self.refused(Person.objects.all(), "Envoy Alekhov").endswith("Nearest: Aleksandr Alekhov.")
        assert "Nearest" not in self.refused(Person.objects.all(), "Zbigniew")

    def test_the_nearest_among_very_many(self, monkeypatch):
        monkeypatch.setattr("tracker.queries.record_lookup.NEAREST_AMONG", 3)
        for number in range(8):
            make.PartyFactory(name=f"Aa {number}")
        make.PartyFactory(name="Freedonia")
        assert self.refused(Party.objects.all(), "Fredonia").endswith("Nearest: Freedonia.")

    def test_letters_that_only_look_alike_are_told_and_not_taken(self):
        latin, cyrillic = make.PartyFactory(name="ASEAN", aliases=["Bloc"]), make.PartyFactory(name="ОРЕС")
        message = self.refused(Party.objects.all(), "АSEAN")
        assert f"“ASEAN” [{latin.ref}] looks the same" in message and "“А” is Cyrillic" in message
        message = self.refused(Party.objects.all(), "OPEC")
        assert cyrillic.ref in message and "is Latin" in message
        assert "Nearest" not in message

    @pytest.mark.parametrize(
        ("name", "text", "odd"),
        [
            ("Россия", "Pоссия", "“P” is Latin"),
            ("Россия", "РОCCИЯ", "“C” is Latin"),
            ("Ελλάδα", "Eλλάδα", "“E” is Latin"),
            ("Ελλάδα", "Еλλάδα", "“Е” is Cyrillic"),
            ("Россия P", "Pоссия P", "“P” is Latin"),
            ("Москва", "МОСКBА", "“B” is Latin"),
        ],
    )
    def test_a_name_in_any_alphabet_is_told_from_one_that_looks_the_same(self, name, text, odd):
        party = make.PartyFactory(name=name)
        message = self.refused(Party.objects.all(), text)
        assert f"“{name}” [{party.ref}] looks the same" in message and odd in message
        assert "Nearest" not in message

    @pytest.mark.parametrize("text", ["Pоза Дуарте", "Дуартe", "Дуартe, Роза"])
    def test_so_are_surnames_and_names_with_the_surname_first(self, text):
        rosa = make.PersonFactory(name="Роза Дуарте")
        message = self.refused(Person.objects.all(), text)
        assert f"[{rosa.ref}] looks the same" in message and "is Latin" in message

    def test_a_misspelt_name_is_not_taken_for_one_that_looks_the_same(self):
        make.PartyFactory(name="Россия")
        message = self.refused(Party.objects.all(), "Росия")
        assert message.endswith("Nearest: Россия.") and "looks the same" not in message

    def test_every_name_with_letters_that_look_alike_is_told_by_its_letters(self):
        alike = {}
        for other, latin in _ALIKE.items():
            # A digit that looks like a letter is a name of its own.
            if chr(latin).isalpha():
                alike.setdefault(chr(latin), {chr(latin)}).add(chr(other))
        letters = "".join(sorted({letter for group in alike.values() for letter in group} | set("яЖλδß")))

        @settings(max_examples=40)
        @given(
            st.text(letters, min_size=3, max_size=9).filter(
                lambda name: not name.casefold().startswith("the")
            ),
            st.lists(st.integers(0, 4), min_size=9, max_size=9),
        )
        def hold(name, choices):
            text = ""
            for letter, choice in zip(name, choices, strict=False):
                group = sorted(alike.get(chr(_ALIKE.get(ord(letter), ord(letter))), {letter}))
                text += group[choice % len(group)]
            assume(key(text) != key(name) and visible(name) == name)
            with transaction.atomic():
                party = make.PartyFactory(name=name)
                message = self.refused(Party.objects.filter(pk=party.pk), text)
                transaction.set_rollback(True)
            assert f"“{name}” [{party.ref}] looks the same" in message, message
            letter = next(
                letter for letter, own in zip(text, name, strict=True) if letter.casefold() != own.casefold()
            )
            alphabet, *_ = unicodedata.name(letter).replace("CJK", "Chinese").split()
            assert f"“{letter}” is {alphabet.capitalize()}" in message

        hold()

    def test_a_record_of_another_type_is_told(self, bob):
        rosa, talk = make.PersonFactory(name="Rosa Duarte"), make.TalkFactory(title="Geneva round")
        parties = Party.objects.visible_to(bob)
        assert self.refused(parties, "rosa duarte").endswith(f"Rosa Duarte is a person [{rosa.ref}].")
        assert self.refused(parties, "Geneva Round").endswith(f"Geneva round is a talk [{talk.ref}].")

    def test_a_restricted_record_is_not_told(self, alice, bob, restricted_process):
        make.TalkFactory(title="Back room", process=restricted_process)
        for queryset in (Party.objects, Talk.objects, Process.objects):
            for text in ("Back room", "Secret channel", "Bаck room", "Back roon"):
                message = self.refused(queryset.visible_to(bob), text)
                assert message == f"There is no {queryset.model._meta.verbose_name} called “{text}”."
        assert "is a talk" in self.refused(Party.objects.visible_to(alice), "Back room")
        make.TalkFactory(title="Back room")
        assert find(Talk.objects.visible_to(bob), "back room")

"""Analysts mend and remove what they recorded themselves, until others have changed it or refer to it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.corrections import correct
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.accounts.roles import RECORDED, RoleBackend, refusal, require_whole, whom_to_ask
from tracker.domain.authorship import own, why_not_own
from tracker.models import Citation, Effect
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

TYPES = [name for name in MAKERS if name not in ("effect", "citation")]
ALWAYS = {name for name in TYPES if BY_URL_NAME[name].model._meta.model_name in RECORDED}
"""What analysts change whoever recorded it."""


@pytest.fixture
def clerk(db):
    """The analyst in whose name the factories record."""
    return make.UserFactory(username="clerk", analyst=True)


@pytest.fixture
def eve(db):
    """Another analyst."""
    return make.UserFactory(username="eve", analyst=True)


def may(user, action, record):
    """Whether `user` may do `action` to `record`."""
    return user.has_perm(f"tracker.{action}_{record._meta.model_name}", record)


@pytest.mark.parametrize("url_name", TYPES)
def test_an_analyst_may_remove_their_own_record_and_others_may_not(clerk, eve, bob, carol, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    # An item, a talk and a process have developments by now, but all of them are the clerk's.
    for action in ("change", "delete"):
        assert may(clerk, action, record) and may(bob, action, record)
        assert may(eve, action, record) is (
            url_name in ALWAYS and (action == "change" or record.whole is not None)
        )
        assert not may(carol, action, record)
        assert refusal(clerk, action, record) == ""
    assert not clerk.has_perm(f"tracker.delete_{record._meta.model_name}")  # of all records of the type
    noun = record._meta.verbose_name
    verb = "withdraw" if url_name == "development" else "delete"
    said = f"Only editors can {verb} this {noun}, because clerk recorded it. Ask bob."
    if whole := record.whole:
        said = f"It belongs to “{whole}”. {refusal(eve, 'change', whole)}" if url_name not in ALWAYS else ""
    assert refusal(eve, "delete", record) == said
    assert refusal(carol, "delete", record).startswith("Viewers read")


@pytest.mark.parametrize("url_name", [name for name in TYPES if name != "development"])
def test_it_is_no_longer_one_s_own_once_somebody_else_has_changed_it(clerk, eve, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    field = next(
        name
        for name in (
            "note",
            "description",
            "summary",
            "why",
            "judged_note",
            "organisation",
            "authors",
            "capacity",
        )
        if hasattr(record, name)
    )
    setattr(record, field, "adviser" if field == "capacity" else "Put otherwise")
    assert recording.save(clerk, record)
    assert may(clerk, "delete", record)
    setattr(record, field, "member" if field == "capacity" else "Put otherwise again")
    assert recording.save(eve, record)
    if url_name == "delegate":  # which goes with its delegation, and that is for every analyst to change
        assert may(clerk, "delete", record) and may(eve, "delete", record)
        return
    assert not may(clerk, "delete", record) and not may(eve, "delete", record)
    assert may(clerk, "change", record) is (url_name in ALWAYS)
    assert "because eve has changed it since" in refusal(clerk, "delete", record)


def test_up_to_three_editors_are_named_or_else_administrators():
    assert whom_to_ask() == "Ask an administrator."
    make.UserFactory(username="dora", administrator=True)
    assert whom_to_ask() == "Ask dora."
    for number, asked in enumerate((["e1"], ["e1", "e2"], ["e1", "e2", "e3"], ["e1", "e2", "e3"]), start=1):
        make.UserFactory(username=f"e{number}", editor=True)
        assert re.findall(r"\w+\d", whom_to_ask()) == asked
    make.UserFactory(username="e0", editor=True, is_active=False)
    assert "e0" not in whom_to_ask() and "dora" not in whom_to_ask()


def test_of_several_who_changed_it_since_the_latest_is_named(clerk, eve, bob, dave):
    demand, development = make.DemandFactory(), make.DevelopmentFactory()
    for user in (eve, bob, dave, eve, clerk):
        demand.note = f"As {user} has it"
        recording.save(user, demand)
        development = correct(development, by=user, headline=f"As {user} has it")
        if user is dave:
            assert "because dave has changed it since" in refusal(clerk, "delete", demand)
            assert "because dave has corrected it since" in refusal(clerk, "delete", development)
    assert "because eve has changed it since" in refusal(clerk, "delete", demand)
    assert "because eve has corrected it since" in refusal(clerk, "delete", development)


def test_a_development_is_withdrawn_by_its_author_until_somebody_else_corrects_it(clerk, eve):
    development = make.DevelopmentFactory()
    assert may(clerk, "delete", development)
    development = correct(development, by=clerk, headline="Put otherwise")
    assert may(clerk, "delete", development)
    development = correct(development, by=eve, headline="Put otherwise again")
    assert not may(clerk, "delete", development)
    assert "withdraw this development, because eve has corrected it since." in refusal(
        clerk, "delete", development
    )
    development = correct(development, by=clerk, headline="Put otherwise once more")
    assert not may(clerk, "delete", development) and not may(eve, "delete", development)


def with_effect(eve, party):
    effect = Effect(item=make.DemandFactory(), stance="rejects", party=party)
    make.DevelopmentFactory(by=eve, effects=[effect])


def moved(eve, item):
    effect = Effect(item=item, status="rejected")
    make.DevelopmentFactory(by=eve, process=item.process, effects=[effect], party=item.party)


REFERENCES = [
    ("source", lambda eve, source: make.DevelopmentFactory(by=eve, citations=[Citation(source=source)])),
    ("source", lambda eve, source: make.AssessmentFactory(by=eve, source=source)),
    ("party", lambda eve, party: make.DelegationFactory(by=eve, talk=make.TalkFactory(), party=party)),
    ("party", with_effect),
    ("party", lambda eve, party: make.DemandFactory(by=eve, addressed_to=[party])),
    ("person", lambda eve, person: make.DevelopmentFactory(by=eve, speaker=person, party=person.party)),
    ("person", lambda eve, person: make.DelegateFactory(by=eve, person=person)),
    ("issue", lambda eve, issue: make.DemandFactory(by=eve, issues=[issue])),
    ("office", lambda eve, office: make.DelegateFactory(by=eve, person=office.person, office=office)),
    ("process", lambda eve, process: make.ProcessLinkFactory(by=eve, to_process=process)),
    ("process", lambda eve, process: make.DevelopmentFactory(by=eve, process=process)),
    ("talk", lambda eve, talk: make.TalkFactory(by=eve, process=talk.process, predecessor=talk)),
    ("demand", moved),
]
"""A type, and how somebody records another record that refers to one of it."""


@pytest.mark.parametrize(("url_name", "refer"), REFERENCES)
def test_it_is_no_longer_one_s_own_once_another_person_s_record_refers_to_it(clerk, eve, url_name, refer):
    # A source that others cite is open to all.
    record, other = (
        MAKERS[url_name](None if url_name == "source" else make.ProcessFactory()) for _ in range(2)
    )
    refer(clerk, record)
    assert may(clerk, "delete", record), "one's own records may refer to it"
    refer(eve, record)
    assert not may(clerk, "delete", record)
    assert "that somebody else recorded refers to it" in refusal(clerk, "delete", record)
    assert may(clerk, "delete", other)


def test_a_part_counts_with_what_it_is_a_part_of(clerk, eve):
    person = make.PersonFactory()
    office = make.OfficeFactory(person=person)
    make.DelegateFactory(by=eve, person=make.PersonFactory(), delegation=make.DelegationFactory(by=eve))
    assert may(clerk, "change", person) and may(clerk, "change", office)
    make.OfficeFactory(by=eve, person=person)
    assert not may(clerk, "change", person) and not may(clerk, "change", office)
    delegation = make.DelegationFactory()
    make.DelegateFactory(delegation=delegation)
    assert may(clerk, "delete", delegation)
    make.DelegateFactory(by=eve, delegation=delegation)
    assert not may(clerk, "delete", delegation)
    assert "because eve has changed it since" in refusal(clerk, "delete", delegation)
    assert "because clerk recorded it" in refusal(eve, "delete", delegation)


def test_what_one_may_not_see_is_not_named(clerk, eve, restricted_process):
    source = make.SourceFactory()
    make.DevelopmentFactory(by=eve, process=restricted_process, citations=[Citation(source=source)])
    assert why_not_own(source, clerk) == "another record refers to it"


def test_who_recorded_a_development_is_said_whatever_others_recorded_before(clerk, eve):
    make.DevelopmentFactory(by=eve)
    assert why_not_own(make.DevelopmentFactory(), eve) == "clerk recorded it"


def test_nothing_is_anybody_s_of_which_nobody_knows_who_recorded_it(clerk):
    party = make.PartyFactory()
    with recording.writes_allowed():
        type(party).objects.filter(pk=party.pk).update(ref="pty-unknown")
    party.refresh_from_db()
    party.description = "Known now"
    recording.save(clerk, party)
    assert not may(clerk, "change", party)
    assert why_not_own(party, clerk) == "nobody knows who recorded it"


def test_an_account_that_is_switched_off_or_turned_down_owns_nothing(clerk):
    party = make.PartyFactory()
    clerk.role = "viewer"
    assert not may(clerk, "change", party)
    clerk.role, clerk.is_active = "analyst", False
    assert not may(clerk, "change", party)


@pytest.mark.parametrize(
    ("permission", "granted"),
    [
        ("tracker.view_party", "vaeb"),
        ("tracker.add_party", "aeb"),
        ("tracker.change_party", "b"),
        ("tracker.delete_party", "b"),
        ("tracker.change_demand", "aeb"),
        ("tracker.delete_demand", "b"),
        ("tracker.publish_party", ""),
        ("tracker.view_user", ""),
        ("tracker.delete_user", ""),
        ("auth.view_group", ""),
    ],
)
def test_what_a_role_may_do_with_all_records_of_a_type(clerk, eve, bob, carol, permission, granted):
    users = {"v": carol, "a": clerk, "e": eve, "b": bob}
    backend = RoleBackend()
    assert "".join(key for key, user in users.items() if backend.has_perm(user, permission)) == granted
    assert not backend.has_perm(AnonymousUser(), permission)
    bob.is_active = False
    assert not backend.has_perm(bob, permission)


def test_the_admin_shows_the_application_to_whoever_has_an_account(clerk, carol):
    backend = RoleBackend()
    assert backend.has_module_perms(clerk, "tracker") and backend.has_module_perms(carol, "tracker")
    assert not backend.has_module_perms(clerk, "auth")
    assert not backend.has_module_perms(AnonymousUser(), "tracker")
    clerk.is_active = False
    assert not backend.has_module_perms(clerk, "tracker")


def test_a_part_is_refused_with_the_reason_why_its_whole_is(clerk, eve):
    office = make.OfficeFactory(person=make.PersonFactory(name="Rudolf"))
    require_whole(clerk, office)
    require_whole(eve, office.person)
    with pytest.raises(ValidationError) as refused:
        require_whole(eve, office)
    assert list(refused.value.message_dict) == ["person"]
    assert "because clerk recorded it" in refused.value.message_dict["person"][0]


def test_many_are_asked_in_one_query(clerk, eve):
    parties = [make.PartyFactory() for _ in range(4)]
    make.DelegationFactory(by=eve, party=parties[0])
    make.PersonFactory(by=eve, party=parties[1])
    with CaptureQueriesContext(connection) as captured:
        assert (
            list(own(type(parties[0]).objects.filter(pk__in=[p.pk for p in parties]), clerk)) == parties[2:]
        )
    assert len(captured) == 1

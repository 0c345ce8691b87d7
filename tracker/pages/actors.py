"""The pages of a party and of a person."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from tracker.models.vocabularies import ItemKind, Stance
from tracker.pages.detail import RecordPage
from tracker.queries import actors
from tracker.queries.actors import FirstRows
from tracker.queries.evidence import ItemDevelopment
from tracker.queries.presence import talks_attended

SHOWN = 15
"""How many rows a section shows; the linked lists have all of them."""
DEVELOPMENTS = 10
"""How many of the latest developments a page shows."""

KINDS = (ItemKind.PRINCIPLE, ItemKind.DEMAND, ItemKind.FOLLOW_UP, ItemKind.TALK)
"""The item kinds in the order in which stances are listed."""


class ActorPage(RecordPage):
    """Base of the pages of a party and of a person."""

    def list_url(self, path: str, **query) -> str:
        """The URL of the full list for a section, at the same clocks."""
        return f"/{path}/?" + urlencode(query | self.clocks.query, doseq=True)

    def presence(self, whose) -> dict:
        """The talks attended: held talks, newest first, then planned ones."""
        attended = talks_attended(self.request.user, self.clocks, SHOWN + 1, whose)
        shown = attended[:SHOWN]
        took_place = [sitting for sitting in shown if sitting.round.took_place]
        ordered = took_place[::-1] + [sitting for sitting in shown if not sitting.round.took_place]
        return _section(ordered, lambda row: (row.process_ref, row.process), len(attended) > SHOWN)


class PartyPage(ActorPage):
    """A party: presence at talks, demands, stances, follow-ups, and latest developments."""

    template_name = "party/detail.html"

    def get_context_data(self, ref, **context):
        context = super().get_context_data(ref, **context)
        party, user, clocks = context["record"], self.request.user, self.clocks
        matters = actors.items_of_party(party, user, clocks, SHOWN)
        stances = actors.stances_of(party, user, clocks, SHOWN)
        latest = actors.latest_developments(user, clocks, DEVELOPMENTS, party=party)
        actors.cite(*(effect.development for effect in stances.rows), *latest.rows)
        return context | {
            "presence": self.presence(party) | {"url": self.list_url("delegations", party=ref)},
            "demanded": _item_section(matters["demanded"]) | {"url": self.list_url("demands", party=ref)},
            "demanded_of": _item_section(matters["demanded_of"])
            | {"url": self.list_url("demands", addressed_to=ref)},
            "owed": _item_section(matters["owed"]) | {"url": self.list_url("follow-ups", owner=ref)},
            "promised": _item_section(matters["promised"])
            | {"url": self.list_url("follow-ups", promised_to=ref)},
            "unspoken": matters["unspoken"],
            "stances": _by_kind(stances)
            | {"url": self.list_url("effects", party=ref, stance=list(Stance.values))},
            "latest_developments": _latest_developments(latest)
            | {"url": self.list_url("timeline", party=ref)},
        }


class PersonPage(ActorPage):
    """A person: presence at talks, appointments, stances set by their words, developments, and assessments."""

    template_name = "person/detail.html"

    def get_context_data(self, ref, **context):
        context = super().get_context_data(ref, **context)
        person, user, clocks = context["record"], self.request.user, self.clocks
        stances = actors.stances_by(person, user, clocks, SHOWN)
        latest = actors.latest_developments(user, clocks, DEVELOPMENTS, speaker=person)
        words = [*(effect.development for effect in stances.rows), *latest.rows]
        actors.cite(*words)
        actors.set_offices(person, clocks, *words)
        assessments = actors.assessments_of(person, user, clocks, SHOWN)
        for effect in stances.rows:
            effect.later = Stance(effect.now_stance) if effect.now_stance != effect.stance else None
        return context | {
            "presence": self.presence(person) | {"url": self.list_url("delegates", person=ref)},
            "named": _item_section(actors.appointments_of(person, user, clocks, SHOWN)),
            "stances": _section(stances.rows, _process_of_item, stances.more),
            "latest_developments": _latest_developments(latest)
            | {"url": self.list_url("timeline", speaker=ref)},
            "assessments": _section(assessments.rows, _process_of, assessments.more)
            | {"url": self.list_url("assessments", author=ref)},
        }


def _section(rows: Iterable, of: Callable, more: bool) -> dict:
    """`rows` grouped by process, in order of first appearance; `of` returns the (ref, title) of a row's process."""
    groups: dict[tuple[str, str], list] = {}
    for row in rows:
        groups.setdefault(of(row), []).append(row)
    return {
        "groups": [{"ref": ref, "title": title, "rows": own} for (ref, title), own in groups.items()],
        "more": more,
    }


def _item_section(matters: FirstRows) -> dict:
    return _section(matters.rows, lambda row: row.process, matters.more)


def _by_kind(matters: FirstRows) -> dict:
    """The stances grouped by process, and within it by item kind."""
    section = _section(matters.rows, _process_of_item, matters.more)
    for group in section["groups"]:
        group["rows"].sort(key=lambda effect: KINDS.index(effect.item_kind))
    return section


def _latest_developments(developments: FirstRows) -> dict:
    several = len({row.process_id for row in developments.rows}) > 1
    return {
        "entries": [ItemDevelopment(row) for row in developments.rows],
        "more": developments.more,
        "several": several,
    }


def _process_of(row) -> tuple[str, str]:
    return row.process.ref, row.process.title


def _process_of_item(effect) -> tuple[str, str]:
    return _process_of(effect.item)

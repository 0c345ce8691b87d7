"""The attendance report: who was at each talk of a process, in which roles and at which level."""

from collections import Counter
from collections.abc import Iterator

from django.utils.functional import cached_property

from tracker.files.export.report_columns import basis, code, codes, date, flag, number, text, texts
from tracker.files.export.reports import Members
from tracker.models.vocabularies import Stance, TableRole, TalkFormat, TalkLevel, TalkStatus
from tracker.pages.numbered import page_of
from tracker.queries.attendance import (
    PartyPresence,
    Presence,
    Seating,
    TalkInOrder,
    iter_talks,
    parts,
    presence_label,
    seating,
)
from tracker.queries.fitting import stances_by_item
from tracker.register.display import badge, badges
from tracker.reports.base import ProcessReportPage

PAGE_SIZE = 50
"""How many talks a page shows at most; the file has all of them."""
PARTS = 320
"""How many delegations and stances a page shows at most, with the talks themselves."""

COLUMNS = (
    *text("talk_id", "talk"), *code(TalkStatus, "talk_status"), *date("talk_on"), *text("talk_phrase"),
    *code(TalkLevel, "talk_level"), *code(TalkFormat, "talk_form"), *text("talk_place", "party_id", "party"),
    *codes(TableRole, "role"), *flag("in_room"), *codes(TableRole, "earlier_role"),
    *texts("head_id", "head", "head_office"), *number("people_number"), *texts("people"),
    *text("note", "quote", "source_id", "source"), *code(Stance, "stance"), *date("stance_on"),
    *basis("stance_basis"), *text("stance_speaker_id", "stance_speaker"),
    *texts("stance_quote", "stance_source_id", "stance_source"), *text("stance_development_id"),
)  # fmt: skip
"""The columns of the files."""


class AttendancePage(ProcessReportPage):
    """The talks of a process in order of time, and every party's roles at each."""

    name = "table"
    parameters = ("page",)
    columns = COLUMNS
    template_name = "process/table.html"

    @cached_property
    def seating(self) -> Seating:
        """The talks, and every party's roles at each."""
        return seating(self.process, self.clocks)

    @cached_property
    def parts_by_talk(self) -> Counter:
        """{talk pk: how many delegations and stances its row has}"""
        seated = Counter(talk for talk, _ in self.seating.roles)
        return seated + Counter(stances_by_item(self.process, self.clocks))

    def cost(self, talk: TalkInOrder) -> int:
        """How much of PARTS the row of `talk` takes up."""
        return 2 + self.parts_by_talk[talk.pk]

    def get_context_data(self, **context):
        seats, parameter = self.seating, self.request.GET.get("page", "")
        shown, pager = page_of(seats.rounds, PAGE_SIZE, parameter, self.url, self.cost, PARTS)
        parts_by_talk = parts(seats, [talk.pk for talk in shown], self.clocks)
        # Parties with only a stance on a talk come after those with a role at one.
        unseated = {part.party.pk: part.party for row in parts_by_talk.values() for part in row.values()}
        presences = [
            *seats.presences,
            *(Presence(unseated[key]) for key in unseated if key not in seats.parties),
        ]
        return super().get_context_data(
            presences=presences,
            talks_held=seats.talks_held,
            rows=[
                {
                    "round": talk,
                    "level_moved": _level_moved(seats, talk),
                    "cells": [
                        (row.party, _cell(talk, parts_by_talk[talk.pk].get(row.party.pk)))
                        for row in presences
                    ],
                }
                for talk in shown
            ],
            page=pager,
            **context,
        )

    def table(self):
        """One row per talk and party."""
        return self.lines()

    def lines(self) -> Iterator[tuple]:
        """The rows of the file, in the order of the page."""
        for talk, presences in iter_talks(self.seating, self.clocks):
            head = (
                talk.ref, talk.title, talk.status, talk.on, talk.on and talk.on.precision, talk.phrase, talk.level,
                talk.form, talk.place,
            )  # fmt: skip
            for part in presences:
                yield (*head, part.party.ref, part.party.name, *_seat(talk, part), *_stance(part))


def _cell(talk: TalkInOrder, part: PartyPresence | None) -> dict | None:
    """The context of one cell; None if the party has no part in the talk."""
    if part is None:
        return None
    roles, earlier, stance = part.delegation and part.delegation.roles, part.earlier_roles, part.stance
    return {
        "part": part,
        "roles": badges("role", roles or ()),
        "earlier": badges("role", earlier or ()),
        "stance": badge("stance", stance.stance, stance.get_stance_display()) if stance else "",
        "where": presence_label(talk, roles) if roles else "",
        "in_room": bool(roles and roles.in_room),
        # The note explains why a party was absent; otherwise it is left to the talk's page.
        "note_shown": bool(roles) and not (talk.took_place and roles.in_room),
    }


def _level_moved(seats: Seating, talk: TalkInOrder) -> str:
    """How the level compares with the previous talk held; empty if it is the same or one is not known."""
    earlier = seats.earlier_levels.get(talk.pk)
    if earlier is None:
        return ""
    ranks = TalkLevel.values
    return (
        f"{'up' if ranks.index(talk.level) > ranks.index(earlier) else 'down'} from {earlier.label.lower()}"
    )


def _seat(talk: TalkInOrder, part: PartyPresence) -> tuple:
    """The columns of a party's roles in the file; "in the room" is empty until the talk has been held."""
    row, heads, earlier = part.delegation, part.heads, part.earlier_roles
    if row is None:
        return (None,) * 12
    return (
        row.role, row.in_room if talk.took_place else None, earlier and earlier.codes,
        Members(head.person.ref for head in heads), Members(head.person.name for head in heads),
        Members(head.office.title for head in heads if head.office), len(row.people),
        Members(delegate.person.name for delegate in row.people), row.note, row.quote, row.source and row.source.ref,
        row.source and str(row.source),
    )  # fmt: skip


def _stance(part: PartyPresence) -> tuple:
    """The columns of a party's stance on the talk itself in the file."""
    if part.stance is None:
        return (None,) * 10
    development = part.stance.development
    speaker, citations = development.speaker, development.citations.all()
    return (
        part.stance.stance, development.occurred, development.occurred_precision, development.basis,
        speaker and speaker.ref, speaker and speaker.name,
        Members(citation.quote for citation in citations if citation.quote),
        Members(dict.fromkeys(citation.source.ref for citation in citations)),
        Members(dict.fromkeys(str(citation.source) for citation in citations)),
        development.ref,
    )  # fmt: skip

"""The agreement grid of a process and of a talk."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from tracker.domain.agreement import beside
from tracker.domain.standing import stand
from tracker.files.export.report_columns import basis, code, date, flag, number, text, texts
from tracker.files.export.reports import Members
from tracker.models import Effect, Talk
from tracker.models.vocabularies import Agreement, Stance, Strength
from tracker.pages.item import breadcrumbs_of
from tracker.pages.numbered import page_of
from tracker.queries.agreements import (
    PartyWord,
    PrincipleAgreement,
    TalkPrinciples,
    group_by_talk,
    iter_principles,
    keys_of,
    principle_agreements,
)
from tracker.queries.fitting import stances_by_item
from tracker.reports.base import ProcessReportPage, ReportPage
from tracker.templatetags.reading import at

PAGE_SIZE = 15
"""How many principles a page shows at most; the file has all of them."""
STANCES = 100
"""How many stances a page shows at most, with the principles themselves."""

OPEN = 3
"""How many outranked statements of a party are shown; the others are folded."""
OUTRANKED = 240
"""How many outranked statements a page has at most, shown or folded; all parties share them evenly."""

COLUMNS = (
    *text("principle_id", "principle"), *number("number"), *text("wording", "talk_id", "talk"),
    *code(Agreement, "agreement"), *text("claimed_by_id", "claimed_by", "claimed_by_speaker"), *date("claimed_on"),
    *text("party_id", "party"), *flag("bound", "counts"), *code(Stance, "stance"), *code(Strength, "strength"),
    *basis("basis"), *text("speaker_id", "speaker"), *date("occurred_on"),
    *texts("quote", "source_id", "source", "place"), *text("development_id", "doubt"),
    *text("wording_language"), *texts("other_wordings"), *flag("others_refuse"),
)  # fmt: skip
"""The columns of the files."""


class Grid(ReportPage):
    """Base of the agreement grids: principles by talk, with stances and the agreement overall."""

    name = "agreement"
    parameters = ("page",)
    columns = COLUMNS
    talk: Talk | None = None
    """The talk, if the page is not about the whole process."""

    @cached_property
    def keys(self) -> list[int]:
        """The primary keys of the principles, in grid order."""
        return keys_of(self.process, self.clocks, self.talk)

    def get_context_data(self, **context):
        taken, parameter = stances_by_item(self.process, self.clocks), self.request.GET.get("page", "")
        shown, pager = page_of(
            self.keys, PAGE_SIZE, parameter, self.url, lambda key: 1 + taken.get(key, 0), STANCES
        )
        points = principle_agreements(shown, self.clocks)
        among = sum(bool(say.word and say.word.others) for point in points for say in point.words.values())
        most = max(1, OUTRANKED // max(among, 1))
        groups = [self.shown(group, most) for group in group_by_talk(points)]
        return super().get_context_data(groups=groups, page=pager, talk=self.talk, **context)

    def shown(self, group: TalkPrinciples, most: int) -> dict:
        """The context of one group: for each principle one cell per party, in the order of the headings."""
        return {
            "talk": group.talk,
            "parties": group.parties,
            "rows": [
                {
                    "point": point,
                    "cells": [
                        (party, self.cell(point, point.words.get(party.pk), most)) for party in group.parties
                    ],
                }
                for point in group.points
            ],
        }

    def cell(self, point: PrincipleAgreement, say: PartyWord | None, most: int) -> dict | None:
        """The context of one cell: the stance that counts, and at most `most` of those that do not, the latest."""
        if say is None or say.word is None:
            return {"say": say} if say else None
        word = say.word
        others = [(effect, beside(effect.stance, word.counting.stance)) for effect in word.others[:most]]
        left = len(word.others) - len(others)
        query = {"item": point.principle.ref, "party": say.party.ref, **self.clocks.query}
        return {
            "say": say,
            "word": word,
            "later": list({effect.stance: effect for effect in word.later}.values()),
            "open": others[:OPEN],
            "folded": others[OPEN:],
            "left": left,
            "all_url": f"{reverse('effect:list')}?{urlencode(query)}" if left else "",
        }

    def table(self):
        """One row per principle and party, and another for each outranked statement of the party."""
        return self.rows()

    def rows(self) -> Iterator[tuple]:
        """The rows of the file; a principle without parties has one row, with nothing between claim and wording."""
        for point in iter_principles(self.keys, self.clocks):
            first, *others = point.texts
            tail = (first.language, Members(map(str, others)), point.others_refuse)
            for line in _lines(point):
                yield line + (None,) * (len(COLUMNS) - len(line) - len(tail)) + tail


class AgreementPage(Grid, ProcessReportPage):
    """The agreement grid of a process."""

    template_name = "process/agreement.html"


class TalkAgreementPage(Grid):
    """The agreement grid of a talk."""

    template_name = "talk/agreement.html"

    @cached_property
    def talk(self) -> Talk:
        """The talk in the URL; raises Http404 also if it was not raised yet."""
        talks = stand(Talk.objects.visible_to(self.request.user).at(self.clocks), self.clocks)
        return get_object_or_404(talks.select_related("process"), ref=self.kwargs["ref"])

    @property
    def process(self):
        return self.talk.process

    def get_context_data(self, **context):
        *above, talk = breadcrumbs_of(self.talk, self.clocks)
        breadcrumbs = [*above, talk | {"url": at(self.talk, self.clocks)}, {"label": "Agreement"}]
        return super().get_context_data(process=self.process, breadcrumbs=breadcrumbs, **context)


def _lines(point: PrincipleAgreement) -> Iterator[tuple]:
    """The rows of one principle in the file."""
    principle, talk, claim = point.principle, point.talk, point.claim.development
    head = (
        principle.ref, principle.title, principle.number, principle.text, talk and talk.ref, talk and talk.title,
        point.agreement.value, claim.party and claim.party.ref, claim.party and claim.party.name,
        claim.speaker and claim.speaker.name, claim.occurred, claim.occurred_precision,
    )  # fmt: skip
    for say in point.words.values():
        party = (say.party.ref, say.party.name, say.bound)
        if say.word is None:
            yield head + party
            continue
        for effect in (say.word.counting, *say.word.others):
            counts = effect is say.word.counting
            doubt = ", ".join(other.code for other in say.word.doubt) if counts else ""
            yield (*head, *party, counts, *_statement(effect), doubt)
    if not point.words:
        yield head


def _statement(effect: Effect) -> tuple:
    """The columns of one statement in the file, with its quote and source."""
    development = effect.development
    speaker, citations = development.speaker, development.citations.all()
    return (
        effect.stance, development.strength, development.basis, speaker and speaker.ref, speaker and speaker.name,
        development.occurred, development.occurred_precision,
        Members(citation.quote for citation in citations if citation.quote),
        Members(dict.fromkeys(citation.source.ref for citation in citations)),
        Members(dict.fromkeys(str(citation.source) for citation in citations)),
        Members(citation.place for citation in citations if citation.place),
        development.ref,
    )  # fmt: skip

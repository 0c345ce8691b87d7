"""A merge, the undoing of one and a move, each of two developments, that are made ready before they are written."""

import datetime as dt

from tests import factories as make
from tests.pages.test_merging import assert_sound
from tracker import recording
from tracker.models import Citation, Development, Effect, Party, search_entries
from tracker.recording.merging import merge, renewal_of_merge
from tracker.recording.moving import move, renewal_of_move
from tracker.recording.renewed_ahead import RenewedAhead
from tracker.recording.unmerging import renewal_of_unmerge, unmerge


def current(development):
    """The version of `development` that is in force; None if it was withdrawn."""
    return Development.objects.filter(ref=development.ref, ended_at=None).first()


def stored(*records):
    """The `records` as they are stored."""
    return [type(record)._base_manager.get(pk=record.pk) for record in records]


class Merging:
    """The merge of a party into another one."""

    def __init__(self, editor):
        self.editor, self.process = editor, make.ProcessFactory(title="Talks")
        self.old, self.new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
        self.item = make.DemandFactory(process=self.process)
        self.source = make.SourceFactory()
        self.said = [self.record(headline) for headline in ("They come", "They go")]

    def record(self, headline, **content):
        """A development that is to be renewed."""
        return make.DevelopmentFactory(
            process=self.process,
            party=self.old,
            headline=headline,
            effects=[Effect(item=self.item, stance="affirms", party=self.old)],
            citations=[Citation(source=self.source, quote="They came.")],
            by=self.editor,
            **content,
        )

    def renewal(self):
        """What it gives new versions."""
        return renewal_of_merge(self.editor, *stored(self.old, self.new), "The same", {})

    def ready(self, tell=lambda done: None):
        """Its developments, made ready."""
        ahead = RenewedAhead(self.renewal())
        ahead.make_ready(tell)
        return ahead

    def write(self, ahead=None):
        """Do it, and see whether all that is stored is right."""
        self._write(ahead)
        assert_sound()
        assert not [*search_entries.mismatches()]

    def _write(self, ahead):
        merge(self.editor, *stored(self.old, self.new), "The same", ahead=ahead)

    def is_done_to(self, development):
        """Whether the version in force is a renewed one."""
        now = current(development)
        return (now.party, now.effects.get().party) == (self.new, self.new)


class Unmerging(Merging):
    """The undoing of that merge."""

    def __init__(self, editor):
        super().__init__(editor)
        # Two seats that become one, with who sits there.
        talk = make.TalkFactory()
        seats = [make.DelegationFactory(talk=talk, party=party) for party in (self.old, self.new)]
        make.DelegateFactory(delegation=seats[0])
        merge(editor, self.old, self.new, "The same")
        self.merged = Party.everything.get(pk=self.old.pk)
        self.said = [current(development) for development in self.said]

    def renewal(self):
        return renewal_of_unmerge(self.editor, *stored(self.merged), "They are two")

    def _write(self, ahead):
        unmerge(self.editor, *stored(self.merged), "They are two", ahead=ahead)

    def is_done_to(self, development):
        now = current(development)
        return (now.party, now.effects.get().party) == (self.old, self.old)


class Moving(Merging):
    """The move of an item to another process, where something happened on the same day."""

    def __init__(self, editor):
        super().__init__(editor)
        self.there = make.ProcessFactory(title="Back channel")
        make.DevelopmentFactory(process=self.there)
        # The one that was recorded last is told to come first.
        for hour in (10, 9):
            self.record(f"They stay until {hour}", occurred_time=dt.time(hour))

    def renewal(self):
        return renewal_of_move(self.editor, *stored(self.item), self.there, "Filed by mistake")

    def _write(self, ahead):
        move(self.editor, *stored(self.item), self.there, "Filed by mistake", ahead=ahead)

    def is_done_to(self, development):
        now = current(development)
        return now.process == now.effects.get().item.process == self.there


class MergingItems(Merging):
    """The merge of a demand into another one, of which the same developments say something else."""

    def __init__(self, editor):
        self.same = make.DemandFactory(title="Same")
        super().__init__(editor)

    def record(self, headline, **content):
        self.process, self.item = self.same.process, self.item_of_its_process()
        effects = [
            Effect(item=self.item, stance="affirms", party=self.old, status="met"),
            Effect(item=self.same, stance="rejects", party=self.old),
        ]
        return make.DevelopmentFactory(
            process=self.process,
            party=self.old,
            headline=headline,
            effects=effects,
            by=self.editor,
            **content,
        )

    def item_of_its_process(self):
        if self.item.process_id != self.same.process_id:
            return make.DemandFactory(process=self.same.process, title="Item")
        return self.item

    def renewal(self):
        return renewal_of_merge(self.editor, *stored(self.item, self.same), "The same", self.choices())

    def choices(self):
        """For the first development, what the merged item has."""
        return {self.said[0].effects.get(item=self.item).ref: True}

    def _write(self, ahead):
        merge(self.editor, *stored(self.item, self.same), "The same", self.choices(), ahead=ahead)


class MergingSources(Merging):
    """The merge of a source into one that has no text, and takes that of the other over."""

    def __init__(self, editor):
        super().__init__(editor)
        self.wire = make.SourceFactory(title="Wire", url="")
        self.source.text = "They met."
        recording.save(editor, self.source)
        both = [Citation(source=source, quote="They met.") for source in (self.source, self.wire)]
        self.said.append(make.DevelopmentFactory(citations=both))

    def renewal(self):
        return renewal_of_merge(self.editor, *stored(self.source, self.wire), "The same", {})

    def _write(self, ahead):
        merge(self.editor, *stored(self.source, self.wire), "The same", ahead=ahead)

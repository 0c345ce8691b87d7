"""Creates records from dataset rows, and updates them from later releases, through `tracker.recording`."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef

from tracker import recording
from tracker.loaders.actors import Shared
from tracker.loaders.events import Event, EventParty, EventSeat, EventTalk, Unusable, fold
from tracker.models import (
    Change,
    Citation,
    Claim,
    Delegate,
    Delegation,
    Development,
    Effect,
    Item,
    Party,
    Principle,
    Process,
    Source,
    Talk,
    User,
)
from tracker.models.vocabularies import CorrectionReason, SetAside, Stance
from tracker.recording.bulk import NewDevelopment


class Recorder:
    """Records events of the dataset `source` in the name of `by`; `note` goes into the audit log.

    `loaded` is the common beginning of the notes of all loads of the dataset.
    """

    def __init__(self, by: User, source: Source, note: str, loaded: str):
        self.by, self.note, self.loaded = by, note, loaded
        self.shared = Shared(by, note, loaded)
        self.source = self.shared.dataset(source)
        self._left_out: set[Party | None] = set()

    def forget(self) -> None:
        """Discard cached shared records, since those created for a refused change were rolled back."""
        self.shared = Shared(self.by, self.note, self.loaded)

    def idle_parties(self) -> list[str]:
        """The names of parties created by loads that this load has left without any role."""
        made_by_loads = [party.pk for party in self._left_out if party and party.ref in self.shared.loaded]
        gone = Party.objects.filter(pk__in=made_by_loads)
        in_force = Development.objects.filter(ended_at__isnull=True, party=OuterRef("pk"))
        speaking = Effect.objects.filter(ended_at__isnull=True, party=OuterRef("pk"))
        return [str(party) for party in gone.filter(~Exists(in_force), ~Exists(speaking), delegations=None)]

    def process(self, event: Event) -> Process:
        """A new process for the event."""
        process = Process(title=event.process_title, aim=event.process_aim)
        recording.save(self.by, process, note=self.note)
        return process

    def draft(self, event: Event, process: Process) -> NewDevelopment:
        """The unsaved development of the event, with its talk and principle; `seat` adds the delegations later."""
        talk = self._new_talk(event)
        point = self._new_point(event, talk)
        items = [(talk, {})] if talk else []
        if point:
            items.append((point, self._related(event)))
        development = self._development(event, process, talk)
        return NewDevelopment(development, self._effects(event, talk, point), self._citations(event), items)

    def seat(self, event: Event, talk: Talk) -> None:
        """Create the delegations of the event at `talk`."""
        for seat in event.seats:
            self._seat(talk, seat)

    def update(self, old: Event, new: Event, before: Claim, refs: Iterable[str], repair: bool) -> int | None:
        """Update the records of a row from `old` to `new`, without overwriting changes made by people here.

        The records `refs` follow the claim `before`, whose row says `old`. With `repair` they were created by older
        rules than those that read `old`, so the audit log is used to find out what people changed. Returns the version
        of the development that corresponds to `new`, or None if nothing differed; raises Unusable if the record has
        been changed in a conflicting way.
        """
        if bool(old.talk) != bool(new.talk) or bool(old.point) != bool(new.point):
            raise Unusable.because(SetAside.OTHER_SHAPE)
        ref, version = before.development_ref, before.development_version
        current = Development.objects.filter(ref=ref, ended_at__isnull=True).first()
        is_ours = current is not None and current.version == version
        differs = new.development != old.development
        if differs and not is_ours:
            raise Unusable.because(SetAside.CORRECTED_HERE if current else SetAside.WITHDRAWN_HERE)
        talk = Talk.objects.filter(ref__in=refs).first()
        point = Principle.objects.filter(ref__in=refs).first()
        if talk and not new.talk:
            new = replace(new, talk=_as_it_is(talk))  # older rules created a talk for the document
        raised = [] if talk or not new.talk or not is_ours else [(self._new_talk(new), {})]
        changed = [self._change_talk(old, new, talk, repair)] if talk and old.talk else []
        if differs or (repair and is_ours):
            now = raised[0][0] if raised else talk
            corrected = recording.correct(
                self.by,
                current,
                self._development(new, before.process, now),
                self._effects(new, now, point),
                self._citations(new),
                CorrectionReason.SOURCE_CHANGED if differs else CorrectionReason.RECODED,
                self.note,
                raised,
            )
            changed.append(corrected.version != version)
            version = corrected.version
            if current.party_id != corrected.party_id:
                self._left_out.add(current.party)
            for item, _ in raised:
                self.seat(new, item)
                point.talk = item
        changed += [self._change_point(old, new, point, repair)] if point else []
        return version if any(changed) else None

    def _new_talk(self, event: Event) -> Talk | None:
        talk = event.talk
        return talk and Talk(title=talk.title, place=talk.place, form=talk.form, note=talk.note)

    def _new_point(self, event: Event, talk: Talk | None) -> Principle | None:
        return event.point and Principle(title=event.point.title, note=event.point.note, talk=talk)

    def _related(self, event: Event) -> dict:
        return {
            "issues": [self.shared.issue(*issue) for issue in event.point.issues],
            "parties": list({self.shared.party(party) for party in event.point.parties}),
        }

    def _development(self, event: Event, process: Process, talk: Talk | None) -> Development:
        return Development(
            process=process,
            occurred_on=event.occurred.day,
            occurred_precision=event.occurred.precision,
            occurred_last=event.occurred.end,
            kind=event.kind,
            headline=event.headline,
            detail=event.detail,
            talk=talk,
            party=self.shared.party(event.issuer) if event.issuer else None,
            basis=event.basis,
        )

    def _effects(self, event: Event, talk: Talk | None, point: Principle | None) -> list[Effect]:
        effects = []
        if talk:
            effects.append(Effect(item=talk, status=event.talk.status, outcome=event.talk.outcome))
        if point:
            effects.append(Effect(item=point, status=event.point.status, wording=event.point.wording))
            affirming = dict.fromkeys(map(self.shared.party, event.point.affirmed_by))
            effects += [Effect(item=point, party=party, stance=Stance.AFFIRMS) for party in affirming]
        return effects

    def _citations(self, event: Event) -> list[Citation]:
        cited = [Citation(source=self.shared.source(url)) for url in event.urls]
        return [Citation(source=self.source, place=event.place), *cited]

    def _seat(self, talk: Talk, seat: EventSeat) -> bool:
        """Create the missing delegation and delegates of a party; return whether there were any."""
        party = self.shared.party(seat.party)
        there = Delegation.objects.filter(talk=talk, party=party).first() if talk.pk else None
        delegation = there or Delegation(
            talk=talk, party=party, role=seat.role, quote=seat.quote, source=self.source
        )
        new = False if there else recording.save(self.by, delegation, note=self.note)
        seated = {delegate.person_id for delegate in delegation.delegates.all()} if there else set()
        for person in filter(None, map(self.shared.person, seat.people)):
            if person.pk not in seated:
                seated.add(person.pk)
                new = recording.save(self.by, Delegate(delegation=delegation, person=person), note=self.note)
        return new

    def _change_talk(self, old: Event, new: Event, talk: Talk, repair: bool) -> bool:
        """Update the fields and delegations of the talk that differ between `old` and `new`; return whether any did."""
        changed = self._change(old.talk, new.talk, talk, ("title", "place", "form", "note"), {}, repair)
        old_seats = self._loaded_seats(talk) if repair else old.seats
        before = {self.shared.known_party(seat.party): seat for seat in old_seats}
        now = {self.shared.party(seat.party): seat for seat in new.seats}
        for party, seat in now.items():
            if seat != before.get(party):
                changed |= self._seat(talk, seat)
                changed |= self._change_seat(talk, before.get(party), seat)
        for party, seat in before.items():
            if party and party not in now:
                changed |= self._unseat(talk, party, seat)
        return changed

    def _loaded_seats(self, talk: Talk) -> list[EventSeat]:
        """The delegations to `talk` created by loads, with their people, unless changed by people here."""
        rows = list(talk.delegations.select_related("party").prefetch_related("delegates__person"))
        changes = Change.objects.filter(subject_ref__in=[row.ref for row in rows])
        loaded = {*changes.filter(note__startswith=self.loaded).values_list("record_ref", flat=True)}
        loaded -= {*changes.exclude(note__startswith=self.loaded).values_list("record_ref", flat=True)}
        return [
            EventSeat(
                EventParty(row.party.name, row.party.kind, row.party.iso_code),
                row.role,
                tuple(delegate.person.name for delegate in row.delegates.all() if delegate.ref in loaded),
                row.quote,
            )
            for row in rows
            if row.ref in loaded
        ]

    def _change_seat(self, talk: Talk, old: EventSeat | None, new: EventSeat) -> bool:
        if old is None:
            return False
        delegation = Delegation.objects.get(talk=talk, party=self.shared.party(new.party))
        changed = False
        if delegation.role == old.role != new.role:
            delegation.role = new.role
            changed = recording.save(self.by, delegation, note=self.note)
        gone = {*map(fold, old.people)} - {*map(fold, new.people)}
        for delegate in delegation.delegates.select_related("person"):
            if fold(delegate.person.name) in gone:
                recording.delete(self.by, delegate, self.note)
                changed = True
        return changed

    def _unseat(self, talk: Talk, party: Party, seat: EventSeat) -> bool:
        """Delete the delegation that the row no longer has, unless people have added to it here."""
        delegation = Delegation.objects.filter(talk=talk, party=party).first()
        names = {*map(fold, seat.people)}
        if delegation is None or delegation.note or delegation.role != seat.role:
            return False
        if any(
            fold(delegate.person.name) not in names
            for delegate in delegation.delegates.select_related("person")
        ):
            return False
        recording.delete(self.by, delegation, self.note)
        self._left_out.add(party)
        return True

    def _change_point(self, old: Event, new: Event, point: Principle, repair: bool) -> bool:
        related = {}
        if repair or old.point.issues != new.point.issues or old.point.parties != new.point.parties:
            before, now = self._related(old), self._related(new)
            ours = {name: {*getattr(point, name).all()} for name in now}
            if repair:
                before = {name: () if name in self._changed_here(point) else ours[name] for name in now}
            related = {name: [*(ours[name] - {*before[name]} | {*now[name]})] for name in now}
        return self._change(old.point, new.point, point, ("title", "note"), related, repair)

    def _change(self, old, new, item: Item, names: tuple[str, ...], related: dict, repair: bool) -> bool:
        """Set the fields `names` that differ between `old` and `new`, unless people have changed them here."""
        changed_here = (
            self._changed_here(item)
            if repair
            else {name for name in names if getattr(item, name) != getattr(old, name)}
        )
        for name in names:
            if name not in changed_here:
                setattr(item, name, getattr(new, name))
        return recording.save(self.by, item, related, self.note)

    def _changed_here(self, item: Item) -> set[str]:
        """The fields of `item` that people have changed since it was loaded."""
        edits = Change.objects.filter(subject_ref=item.ref, record_ref=item.ref, action=Change.Action.CHANGED)
        of_people = edits.exclude(note__startswith=self.loaded).values_list("changes", flat=True)
        return {change["field"] for changes in of_people for change in changes}


def _as_it_is(talk: Talk) -> EventTalk:
    return EventTalk(
        talk.title, talk.place, talk.form, talk.note, talk.current_status, talk.current_outcome or ""
    )

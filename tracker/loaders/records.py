"""Makes records of what rows say, and lets a later release change what it says otherwise; through the one door."""

from tracker import recording
from tracker.loaders.actors import Shared
from tracker.loaders.events import Event, Seat, Unusable, fold
from tracker.models import (
    Citation,
    Delegate,
    Delegation,
    Development,
    Effect,
    Item,
    Principle,
    Process,
    Source,
    Talk,
    User,
)
from tracker.models.vocabularies import Basis, CorrectionReason
from tracker.recording_many import New

CORRECTED_HERE = "corrected here since; the release says otherwise, and nothing was overwritten"
WITHDRAWN_HERE = "withdrawn here; the release says otherwise, and it stays withdrawn"
OTHER_PROCESS = "coded under another process now; a record stays in the process that it was recorded in"
OTHER_SHAPE = "told as a talk by one release and as a document by the other; to be recorded by hand"


class Recorder:
    """Records events, recorded by `by`, of the dataset that `source` describes; `note` goes into the trail."""

    def __init__(self, by: User, source: Source, note: str):
        self.by, self.note = by, note
        self.shared = Shared(by, note)
        self.source = self.shared.dataset(source)

    def forget(self) -> None:
        """Read the shared records anew: what was made for a change that was refused is not there."""
        self.shared = Shared(self.by, self.note)

    def process(self, event: Event) -> Process:
        """A new process, as the event describes it."""
        process = Process(title=event.process_title, aim=event.process_aim)
        recording.save(self.by, process, note=self.note)
        return process

    def draft(self, event: Event, process: Process) -> New:
        """The event with its talk and its point, unsaved; who sat at the table is for `seat`, once they are saved."""
        talk = self._new_talk(event)
        point = self._new_point(event, talk)
        items = [(talk, {})] if talk else []
        if point:
            items.append((point, self._related(event)))
        development = self._development(event, process, talk)
        return New(development, self._effects(event, talk, point), self._citations(event), items)

    def seat(self, event: Event, talk: Talk) -> None:
        """Give all whom the event names their seats at the `talk`."""
        for seat in event.seats:
            self._seat(talk, seat)

    def update(self, old: Event, new: Event, item: Item, ref: str, version: int) -> int | None:
        """Let `new` take the place of what the row said before; what people changed here since is left as it is.

        `ref` and `version` are those of the development that says what `old` says. Returns the version that says what
        `new` says, or None where nothing of ours differed; raises Unusable where our record went another way.
        """
        if new.process_key != old.process_key:
            raise Unusable(OTHER_PROCESS, f"{old.process_title} before, {new.process_title} now")
        if bool(old.talk) != bool(new.talk) or bool(old.point) != bool(new.point):
            raise Unusable(OTHER_SHAPE)
        current = Development.objects.filter(ref=ref, ended_at__isnull=True).first()
        if new.development != old.development:
            if current is None:
                raise Unusable(WITHDRAWN_HERE)
            if current.version != version:
                raise Unusable(CORRECTED_HERE)
        talk = Talk.objects.filter(pk=item.pk).first()
        point = Principle.objects.filter(effects__development__ref=ref).first() if new.point else None
        changed = [self._change_talk(old, new, talk)] if talk else []
        changed += [self._change_point(old, new, point)] if point else []
        if new.development != old.development:
            corrected = recording.correct(
                self.by,
                current,
                self._development(new, item.process, talk),
                self._effects(new, talk, point),
                self._citations(new),
                CorrectionReason.SOURCE_CHANGED,
                self.note,
            )
            changed.append(corrected.version != version)
            version = corrected.version
        return version if any(changed) else None

    def _new_talk(self, event: Event) -> Talk | None:
        said = event.talk
        return said and Talk(title=said.title, place=said.place, form=said.form, note=said.note)

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
            occurred_on=event.occurred.first,
            occurred_precision=event.occurred.precision,
            kind=event.kind,
            headline=event.headline,
            detail=event.detail,
            talk=talk,
            party=self.shared.party(event.issuer) if event.issuer else None,
            basis=Basis.REPORTERS_SUMMARY,
        )

    def _effects(self, event: Event, talk: Talk | None, point: Principle | None) -> list[Effect]:
        effects = []
        if talk:
            effects.append(Effect(item=talk, status=event.talk.status, outcome=event.talk.outcome or None))
        if point:
            effects.append(Effect(item=point, status=event.point.status, wording=event.point.wording))
        return effects

    def _citations(self, event: Event) -> list[Citation]:
        cited = [Citation(source=self.shared.source(url)) for url in event.urls]
        return [Citation(source=self.source, place=event.place), *cited]

    def _seat(self, talk: Talk, seat: Seat) -> bool:
        """Give the party its seat and its people theirs, where they have none; whether anything was new."""
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

    def _change_talk(self, old: Event, new: Event, talk: Talk) -> bool:
        """Change what the talk's row says otherwise than before, field by field, and who sat at the table."""
        changed = self._change(old.talk, new.talk, talk, ("title", "place", "form", "note"), {})
        before, now = ({fold(seat.party.name): seat for seat in event.seats} for event in (old, new))
        for key, seat in now.items():
            if seat != before.get(key):
                changed |= self._seat(talk, seat)
                changed |= self._change_seat(talk, before.get(key), seat)
        for key, seat in before.items():
            if key not in now:
                changed |= self._unseat(talk, seat)
        return changed

    def _change_seat(self, talk: Talk, old: Seat | None, new: Seat) -> bool:
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

    def _unseat(self, talk: Talk, seat: Seat) -> bool:
        """Take away the seat that the row no longer gives, unless people have added to it here."""
        delegation = Delegation.objects.filter(talk=talk, party=self.shared.party(seat.party)).first()
        names = {*map(fold, seat.people)}
        if delegation is None or delegation.note or delegation.role != seat.role:
            return False
        if any(fold(one.person.name) not in names for one in delegation.delegates.select_related("person")):
            return False
        recording.delete(self.by, delegation, self.note)
        return True

    def _change_point(self, old: Event, new: Event, point: Principle) -> bool:
        related = {}
        if old.point.issues != new.point.issues or old.point.parties != new.point.parties:
            before, now = self._related(old), self._related(new)
            related = {
                name: [*({*getattr(point, name).all()} - {*before[name]} | {*now[name]})] for name in now
            }
        return self._change(old.point, new.point, point, ("title", "note"), related)

    def _change(self, old, new, item: Item, names: tuple[str, ...], related: dict) -> bool:
        """Set the fields `names` that differ between `old` and `new`, where ours still says what `old` says."""
        for name in names:
            if getattr(item, name) == getattr(old, name):
                setattr(item, name, getattr(new, name))
        return recording.save(self.by, item, related, self.note)

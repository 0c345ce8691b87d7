"""Finds or creates the parties, people, issues and sources that rows name."""

from urllib.parse import urlsplit

from tracker import recording
from tracker.loaders.events import EventParty, fold
from tracker.models import Change, Issue, Party, Person, Source, User
from tracker.models.vocabularies import SourceKind


class Shared:
    """Finds shared records by the names in datasets, or creates them in the name of `by`, with `note` in the audit log.

    `loaded` is the common beginning of the notes of all loads of the dataset.
    """

    def __init__(self, by: User, note: str, loaded: str):
        self.by, self.note = by, note
        self.parties, self.states = {}, {}
        for party in Party.objects.order_by("-pk"):
            self._know(party)
        of_parties = Change.objects.filter(record_type=Party._meta.model_name)
        self.loaded = {*of_parties.filter(note__startswith=loaded).values_list("record_ref", flat=True)}
        self.loaded -= {*of_parties.exclude(note__startswith=loaded).values_list("record_ref", flat=True)}
        """The references of the parties that loads made, and nobody has changed since."""
        self.people = {}
        for person in Person.objects.order_by("pk"):
            for name in (person.name, *person.aliases):
                self.people.setdefault(fold(name), set()).add(person)
        self.issues = {
            fold(name): issue for issue in Issue.objects.all() for name in (*issue.aliases, issue.name)
        }
        sources = Source.everything.filter(process=None).exclude(url="")
        self.sources = {
            source.url: source.merged_into or source
            for source in sources.select_related("merged_into").order_by("-pk")
        }

    def _know(self, party: Party) -> None:
        for name in (*party.aliases, party.short_name, party.name):
            self.parties[fold(name)] = party
        self.states[party.iso_code] = party

    def known_party(self, description: EventParty) -> Party | None:
        """The existing party with the state's code, or else with the name, an alias, or another name of the dataset."""
        known = self.states.get(description.iso_code) if description.iso_code else None
        names = (description.name, *description.aliases)
        return known or next(filter(None, (self.parties.get(fold(name)) for name in names)), None)

    def party(self, description: EventParty) -> Party:
        """The existing party, or a new one."""
        party = self.known_party(description)
        if party is None:
            party = Party(
                name=description.name,
                kind=description.kind,
                iso_code=description.iso_code,
                aliases=list(description.aliases),
            )
            recording.save(self.by, party, note=self.note)
            self._know(party)
        elif description.iso_code and not party.iso_code and party.ref in self.loaded:
            # An earlier load did not recognise the state by this name.
            party.kind, party.iso_code = description.kind, description.iso_code
            recording.save(self.by, party, note=self.note)
            self._know(party)
        return party

    def person(self, name: str) -> Person | None:
        """The person with that name or alias, or a new one; None if there are several."""
        namesakes = self.people.get(fold(name))
        if not namesakes:
            person = Person(name=name)
            recording.save(self.by, person, note=self.note)
            namesakes = self.people[fold(name)] = {person}
        return next(iter(namesakes)) if len(namesakes) == 1 else None

    def issue(self, name: str, description: str) -> Issue:
        """The issue with that name, or a new one."""
        if fold(name) not in self.issues:
            issue = Issue(name=name, description=description)
            recording.save(self.by, issue, note=self.note)
            self.issues[fold(name)] = issue
        return self.issues[fold(name)]

    def source(self, url: str) -> Source:
        """The source with the valid URL `url`, or a new one, with the host as publisher and the URL as title."""
        if url not in self.sources:
            host = urlsplit(url).netloc
            source = Source(
                publisher=host[:200], title=url[:400], url=url, kind=SourceKind.OTHER, language=""
            )
            recording.save(self.by, source, note=self.note)
            self.sources[url] = source
        return self.sources[url]

    def dataset(self, source: Source) -> Source:
        """The dataset itself as a source; `source` is saved unless there is one with its URL."""
        if source.url not in self.sources:
            recording.save(self.by, source, note=self.note)
            self.sources[source.url] = source
        return self.sources[source.url]

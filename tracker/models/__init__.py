"""The models, one module for each subject; import them from this package.

Within it, imports go one way: vocabularies, dates, names, base, sources and their texts, processes, users and actors,
items, talks, positions and follow-ups, developments, effects and citations, assessments, changes, claims, what is
queued, jobs, imports, prepared files, loads. Saved views, tokens, submissions, the last recording, and what is derived
from texts depend on none of these.
"""
# ruff: noqa: F401

from tracker.models.actors import Office, Party, Person
from tracker.models.assessments import Assessment, WatchPhrase
from tracker.models.base import Record, Sealed
from tracker.models.changes import Change
from tracker.models.citations import Citation
from tracker.models.claims import Claim
from tracker.models.dataset_loads import DatasetLoad
from tracker.models.derived import DerivedText
from tracker.models.developments import Development
from tracker.models.effects import Effect
from tracker.models.follow_ups import FollowUp
from tracker.models.imports import ImportRow, ImportRun
from tracker.models.items import Issue, Item, ItemStance
from tracker.models.jobs import Job
from tracker.models.last_recording import LastRecording
from tracker.models.names import RecordName
from tracker.models.positions import Demand, Principle
from tracker.models.prepared_files import PreparedFile
from tracker.models.processes import Process, ProcessLink
from tracker.models.queued import Queued
from tracker.models.saved_views import SavedView
from tracker.models.search import SearchEntry, SearchIndex
from tracker.models.source_texts import SourceText
from tracker.models.sources import Source
from tracker.models.submissions import Submission
from tracker.models.talks import Delegate, Delegation, Talk
from tracker.models.tokens import Token
from tracker.models.users import User
from tracker.models.versions import VERSIONS

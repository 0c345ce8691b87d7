"""The register: one declaration for each record type, in menu order."""

from tracker.register.assessment import ASSESSMENT
from tracker.register.citation import CITATION
from tracker.register.delegate import DELEGATE
from tracker.register.delegation import DELEGATION
from tracker.register.demand import DEMAND
from tracker.register.development import DEVELOPMENT
from tracker.register.effect import EFFECT
from tracker.register.follow_up import FOLLOW_UP
from tracker.register.issue import ISSUE
from tracker.register.office import OFFICE
from tracker.register.party import PARTY
from tracker.register.person import PERSON
from tracker.register.principle import PRINCIPLE
from tracker.register.process import PROCESS
from tracker.register.process_link import PROCESS_LINK
from tracker.register.source import SOURCE
from tracker.register.talk import TALK
from tracker.register.watch_phrase import WATCH_PHRASE

RECORD_TYPES = (
    PROCESS, TALK, PRINCIPLE, DEMAND, FOLLOW_UP, DEVELOPMENT, PARTY, PERSON, SOURCE, ISSUE, DELEGATION, ASSESSMENT,
    WATCH_PHRASE,
)  # fmt: skip
"""The record types that have pages of their own."""

PARTS = (EFFECT, CITATION, OFFICE, DELEGATE, PROCESS_LINK)
"""The record types without pages of their own: listed and exported, but entered on the page of their parent."""

ALL_TYPES = (*RECORD_TYPES, *PARTS)

BY_URL_NAME = {record_type.url_name: record_type for record_type in ALL_TYPES}
BY_MODEL = {record_type.model: record_type for record_type in ALL_TYPES}

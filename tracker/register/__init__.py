"""The register: one declaration for each record type, in menu order."""

from tracker.register.actors import ISSUE, OFFICE, PARTY, PERSON, SOURCE
from tracker.register.developments import (
    ASSESSMENT,
    CITATION,
    DEVELOPMENT,
    EFFECT,
    PROCESS,
    PROCESS_LINK,
    WATCH_PHRASE,
)
from tracker.register.items import DELEGATE, DELEGATION, DEMAND, FOLLOW_UP, PRINCIPLE, TALK

RECORD_TYPES = (
    PROCESS, TALK, PRINCIPLE, DEMAND, FOLLOW_UP, DEVELOPMENT, PARTY, PERSON, SOURCE, ISSUE, DELEGATION, ASSESSMENT,
    WATCH_PHRASE,
)  # fmt: skip
"""The record types that have pages of their own."""

PARTS = (EFFECT, CITATION, OFFICE, DELEGATE, PROCESS_LINK)
"""What records are made of: listed and taken out like records, entered on the pages of what they are part of."""

BY_URL_NAME = {record_type.url_name: record_type for record_type in (*RECORD_TYPES, *PARTS)}

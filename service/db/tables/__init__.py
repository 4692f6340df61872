"""The tables, a file for each group. Texts of meetings are never here: they are encrypted documents."""

from service.db.tables.accounts import Account, ApiToken, CalendarFeed, Invitation, Session
from service.db.tables.audit import AuditEntry, AuditHead, AuditView
from service.db.tables.development import Catalogue, CatalogueEntry, Goal, Profile, Rating, RatingCycle
from service.db.tables.documents import Document, Recording, RecordingPart
from service.db.tables.feedback import FeedbackIndicator
from service.db.tables.meetings import Consent, Erasure, Hold, Meeting, Participant, Permit, Series
from service.db.tables.messages import OutboxMessage, Webhook
from service.db.tables.operations import Heartbeat, Job
from service.db.tables.organisation import ConversationTemplate, Organisation, Person, Relation, Unit
from service.db.tables.review import (
    Acknowledgement,
    ActionItem,
    ActionItemChange,
    ItemDecision,
    MinutesVersion,
    Suggestion,
)

__all__ = [
    "Account",
    "Acknowledgement",
    "ActionItem",
    "ActionItemChange",
    "ApiToken",
    "AuditEntry",
    "AuditHead",
    "AuditView",
    "CalendarFeed",
    "Catalogue",
    "CatalogueEntry",
    "Consent",
    "ConversationTemplate",
    "Document",
    "Erasure",
    "FeedbackIndicator",
    "Goal",
    "Heartbeat",
    "Hold",
    "Invitation",
    "ItemDecision",
    "Job",
    "Meeting",
    "MinutesVersion",
    "Organisation",
    "OutboxMessage",
    "Participant",
    "Permit",
    "Person",
    "Profile",
    "Rating",
    "RatingCycle",
    "Recording",
    "RecordingPart",
    "Relation",
    "Series",
    "Session",
    "Suggestion",
    "Unit",
    "Webhook",
]

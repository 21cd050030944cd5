"""Persons, their registrations, and everything that happens to a seat."""

from participants.models.access import AccessCode, hash_pin, initial_pin
from participants.models.attendance import (
    Attendance,
    AttendanceDevice,
    AttendanceMark,
    AttendanceMarkQuerySet,
    AttendanceQuerySet,
    DoorCase,
    DoorCaseQuerySet,
    MarkKind,
    MarkWay,
)
from participants.models.broadcast import Broadcast, BroadcastQuerySet
from participants.models.complaint import (
    CloseReason,
    Complaint,
    ComplaintCategory,
    ComplaintEvent,
    ComplaintQuerySet,
    ComplaintState,
    hash_word,
    initial_word,
)
from participants.models.completion import Completion, CompletionQuerySet
from participants.models.declared import Declaration, DeclaredData, EducationLevel, Sex, hash_nik
from participants.models.draft import RegistrationDraft, RegistrationDraftQuerySet
from participants.models.evidence import EvidenceFile, EvidenceFileQuerySet, EvidenceKind
from participants.models.history import NOTICE_VERSION, Consent, DuplicateReview, RegistrationEvent
from participants.models.imports import ImportLayout, ImportRow, ImportRowQuerySet, RegistrationImport
from participants.models.job_card import (
    NEEDED_ITEMS,
    CardItem,
    CardPreparation,
    CardReport,
    CardReportQuerySet,
    JobSeekerCard,
    JobSeekerCardQuerySet,
    hash_card_number,
)
from participants.models.merge import PersonMerge, PersonMergeQuerySet, card_digest, row_of, row_values
from participants.models.offer import Offer
from participants.models.pair import PersonPair, PersonPairQuerySet, PersonTrace
from participants.models.person import Person, PersonQuerySet
from participants.models.proxy import Proxy
from participants.models.registration import (
    ACTIVE_SEATS,
    NO_PLACE_YET,
    CheckState,
    Registration,
    RegistrationQuerySet,
    RejectReason,
    Seat,
    Source,
)
from participants.models.selection import SeatTransfer, Selection, SelectionQuerySet, SelectionRow

__all__ = [
    "ACTIVE_SEATS",
    "NEEDED_ITEMS",
    "NOTICE_VERSION",
    "NO_PLACE_YET",
    "AccessCode",
    "Attendance",
    "AttendanceDevice",
    "AttendanceMark",
    "AttendanceMarkQuerySet",
    "AttendanceQuerySet",
    "Broadcast",
    "BroadcastQuerySet",
    "CardItem",
    "CardPreparation",
    "CardReport",
    "CardReportQuerySet",
    "CheckState",
    "CloseReason",
    "Complaint",
    "ComplaintCategory",
    "ComplaintEvent",
    "ComplaintQuerySet",
    "ComplaintState",
    "Completion",
    "CompletionQuerySet",
    "Consent",
    "Declaration",
    "DeclaredData",
    "DoorCase",
    "DoorCaseQuerySet",
    "DuplicateReview",
    "EducationLevel",
    "EvidenceFile",
    "EvidenceFileQuerySet",
    "EvidenceKind",
    "JobSeekerCard",
    "JobSeekerCardQuerySet",
    "ImportLayout",
    "ImportRow",
    "ImportRowQuerySet",
    "MarkKind",
    "MarkWay",
    "Offer",
    "Person",
    "PersonMerge",
    "PersonMergeQuerySet",
    "PersonPair",
    "PersonPairQuerySet",
    "PersonQuerySet",
    "PersonTrace",
    "Proxy",
    "Registration",
    "RegistrationDraft",
    "RegistrationDraftQuerySet",
    "RegistrationEvent",
    "RegistrationImport",
    "RegistrationQuerySet",
    "RejectReason",
    "Seat",
    "SeatTransfer",
    "Selection",
    "SelectionQuerySet",
    "SelectionRow",
    "Sex",
    "Source",
    "hash_card_number",
    "card_digest",
    "hash_nik",
    "hash_pin",
    "hash_word",
    "initial_pin",
    "initial_word",
    "row_of",
    "row_values",
]

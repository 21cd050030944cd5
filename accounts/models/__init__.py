"""Offices, the people who work in them, what they may do there, and the trail of what was done."""

from accounts.models.agencies import Agency, AgencyQuerySet, PaperSize, TimeZone
from accounts.models.invitations import Invitation, InvitationQuerySet, InvitationState, Way
from accounts.models.people import (
    Language,
    RoleAssignment,
    RoleAssignmentQuerySet,
    User,
    UserManager,
    UserQuerySet,
)
from accounts.models.sealing import AuditSeal, SealMark
from accounts.models.sign_in import Device, DeviceQuerySet, SignInThrottle, ThrottleKind
from accounts.models.trail import AuditEntry, AuditEntryQuerySet

__all__ = [
    "Agency",
    "AgencyQuerySet",
    "AuditEntry",
    "AuditEntryQuerySet",
    "AuditSeal",
    "Device",
    "DeviceQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "InvitationState",
    "Language",
    "PaperSize",
    "RoleAssignment",
    "RoleAssignmentQuerySet",
    "SealMark",
    "SignInThrottle",
    "ThrottleKind",
    "TimeZone",
    "User",
    "UserManager",
    "UserQuerySet",
    "Way",
]

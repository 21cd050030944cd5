"""Every write about people, roles, sign-in and the trail."""

from accounts.actions.assignments import grant_role, revoke_role
from accounts.actions.people import (
    change_own_profile,
    change_password,
    change_user,
    create_user,
    deactivate_user,
    reactivate_user,
    save_agency,
    set_temporary_password,
)
from accounts.actions.sealing import seal_entries
from accounts.actions.sign_in import (
    Attempt,
    forget_old_attempts,
    lift_address_lockout,
    lift_lockout,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
    settle_attempt,
    take_attempt,
)
from accounts.actions.trail import record

__all__ = [
    "Attempt",
    "change_own_profile",
    "change_password",
    "change_user",
    "create_user",
    "deactivate_user",
    "forget_old_attempts",
    "grant_role",
    "lift_address_lockout",
    "lift_lockout",
    "note_failed_sign_in",
    "note_sign_in",
    "note_sign_out",
    "reactivate_user",
    "record",
    "revoke_role",
    "save_agency",
    "seal_entries",
    "set_temporary_password",
    "settle_attempt",
    "take_attempt",
]

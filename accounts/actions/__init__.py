"""Every write about people, roles, sign-in and the trail."""

from accounts.actions.assignments import grant_role, revoke_role
from accounts.actions.devices import end_all_devices, end_device, forget_ended_devices, note_device
from accounts.actions.invitations import (
    Guest,
    accept_invitation,
    end_invitation,
    invite,
    print_letters,
    renew_invitation,
)
from accounts.actions.offices import SetUp, set_up_agency
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
from accounts.actions.second_factor import (
    add_passkey,
    issue_code_sheet,
    note_second_factor_asked,
    remove_factor,
    renew_codes,
    reset_second_factor,
    set_app,
    use_code,
)
from accounts.actions.sign_in import (
    Attempt,
    forget_old_attempts,
    lift_address_lockout,
    lift_lockout,
    note_failed_second_factor,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
    settle_attempt,
    take_attempt,
)
from accounts.actions.trail import line_of, record

__all__ = [
    "Attempt",
    "Guest",
    "SetUp",
    "accept_invitation",
    "add_passkey",
    "change_own_profile",
    "change_password",
    "change_user",
    "create_user",
    "deactivate_user",
    "end_all_devices",
    "end_device",
    "end_invitation",
    "forget_ended_devices",
    "forget_old_attempts",
    "grant_role",
    "invite",
    "issue_code_sheet",
    "lift_address_lockout",
    "lift_lockout",
    "line_of",
    "note_device",
    "note_failed_second_factor",
    "note_failed_sign_in",
    "note_second_factor_asked",
    "note_sign_in",
    "note_sign_out",
    "print_letters",
    "reactivate_user",
    "record",
    "remove_factor",
    "renew_codes",
    "renew_invitation",
    "reset_second_factor",
    "revoke_role",
    "save_agency",
    "seal_entries",
    "set_app",
    "set_temporary_password",
    "set_up_agency",
    "settle_attempt",
    "take_attempt",
    "use_code",
]

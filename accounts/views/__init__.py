"""Pages of people and access, by what they are about."""

from accounts.views.devices import device_end, device_end_all, device_list
from accounts.views.invitations import (
    invitation_accept,
    invitation_end,
    invitation_letters,
    invitation_list,
    invitation_open,
    user_invite,
    user_invite_many,
    user_reinvite,
)
from accounts.views.own import profile
from accounts.views.second_factor import (
    second_factor,
    second_factor_app,
    second_factor_codes,
    second_factor_later,
    second_factor_passkey,
    second_factor_remove,
)
from accounts.views.trail import audit_list
from accounts.views.users import (
    user_close,
    user_code_sheet,
    user_detail,
    user_list,
    user_open,
    user_reset_step,
    user_sign_out,
    user_unlock,
)

__all__ = [
    "audit_list",
    "device_end",
    "device_end_all",
    "device_list",
    "invitation_accept",
    "invitation_end",
    "invitation_letters",
    "invitation_list",
    "invitation_open",
    "profile",
    "second_factor",
    "second_factor_app",
    "second_factor_codes",
    "second_factor_later",
    "second_factor_passkey",
    "second_factor_remove",
    "user_close",
    "user_code_sheet",
    "user_detail",
    "user_invite",
    "user_invite_many",
    "user_list",
    "user_open",
    "user_reinvite",
    "user_reset_step",
    "user_sign_out",
    "user_unlock",
]

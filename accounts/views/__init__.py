"""Pages of people and access, by what they are about."""

from accounts.views.devices import device_end, device_end_all, device_list
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

__all__ = [
    "audit_list",
    "device_end",
    "device_end_all",
    "device_list",
    "profile",
    "second_factor",
    "second_factor_app",
    "second_factor_codes",
    "second_factor_later",
    "second_factor_passkey",
    "second_factor_remove",
]

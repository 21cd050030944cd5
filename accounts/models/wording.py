"""Codes of the trail as words: names of fields and values from the model of the thing that was changed."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext

from accounts.roles import Role


def field_of(object_type: str, name: str) -> models.Field | None:
    try:
        field = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return field if isinstance(field, models.Field) else None


def field_words(object_type: str, name: str) -> str:
    """What the reader calls the field: as named for the trail, else as the model names it, else the bare word."""
    named = settings.AUDIT_FIELDS.get(name)
    field = field_of(object_type, name)
    words = str(named or (field.verbose_name if field is not None else name.replace("_", " ")))
    return words[:1].upper() + words[1:]


def value_words(object_type: str, name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return "; ".join(
            f"{field_words(object_type, key)}: {value_words(object_type, key, value[key])}" for key in value
        )
    if name == "fields" and isinstance(value, list):
        return ", ".join(field_words(object_type, str(part)) for part in value)
    if isinstance(value, list):
        return ", ".join(value_words(object_type, name, part) for part in value)
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    field = field_of(object_type, name)
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value) or settings.AUDIT_VALUES.get(str(value)) or value)


LISTS = {"fields", "flags", "registrations", "columns"}


def is_pair(name: str, value: Any) -> bool:
    """Was and is: two plain values of one field, not a list of things."""
    plain = isinstance(value, list) and len(value) == 2 and not any(isinstance(part, list | dict) for part in value)
    return plain and name not in LISTS

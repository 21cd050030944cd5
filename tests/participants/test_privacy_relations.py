"""No foreign key to a person, or to one of their entries, without a line that says what becomes of it."""

from django.apps import apps
from django.db import models

from kit.privacy import privacy_modules
from participants.models import Person, Registration
from participants.privacy.merging import APART, moving_relations


def keys_to_people() -> set[str]:
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    return {
        f"{field.model._meta.label}.{field.name}"
        for field in fields
        if isinstance(field, models.ForeignKey) and field.related_model in {Person, Registration}
    }


def test_relations_name_every_key_to_a_person_or_an_entry() -> None:
    told = {label for module in privacy_modules() for label in module.RELATIONS}
    assert keys_to_people() - told == set()
    assert {label for label in told - keys_to_people() if label.startswith("participants.")} == set()


def test_merging_moves_every_key_to_a_person() -> None:
    """What is not moved is handled by name; nothing is left to be deleted with the card by chance."""
    moved = {label for label, _model, _name in moving_relations()}
    apart = {model._meta.label for model in APART}
    left = {
        label
        for label in keys_to_people() - moved
        if label.rpartition(".")[0] not in apart
        and apps.get_model(label.rpartition(".")[0])._meta.get_field(label.rpartition(".")[2]).related_model is Person
    }
    assert left == {"participants.PersonMerge.gone", "participants.RetentionItem.person"}

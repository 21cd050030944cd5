"""Two cards become one, and apart again: which rows moved is told to the caller, who keeps it as long as needed.

The caller holds both cards locked. Rows are moved by key, so that what was made afterwards is never taken for old.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.models import PayeeAccount
from kit.refusals import spoken_refusals
from participants.models import CardPreparation, Person, PersonMerge, PersonPair, PersonTrace, row_of, row_values
from participants.privacy.relations import RELATIONS

Moved = dict[str, Any]
Row = TypeVar("Row", bound=models.Model)
# Handled on their own below, or gone with the card.
APART: tuple[type[models.Model], ...] = (CardPreparation, PersonPair, PersonTrace)
ACCOUNTS = PayeeAccount._meta.label
GOES_WITH_THE_CARD = {"participants.PersonMerge.gone", "participants.RetentionItem.person"}


def moving_relations() -> list[tuple[str, type[models.Model], str]]:
    """Label, model and field of what simply changes its card; in the order of the table."""
    found = []
    for label in RELATIONS:
        app, model_name, name = label.split(".")
        model = apps.get_model(app, model_name)
        is_moved = model not in APART and label not in GOES_WITH_THE_CARD
        if is_moved and model._meta.get_field(name).related_model is Person:
            found.append((label, model, name))
    return found


def merge(*, kept: Person, gone: Person, by: User) -> Moved:
    """Everything that points to `gone` points to `kept`. Refuses in the words of the constraint that forbids it."""
    rows: dict[str, dict[str, list[int]]] = {}
    for label, model, name in moving_relations():
        held, moved = _keys(model, name, kept), _keys(model, name, gone)
        with spoken_refusals(model):
            model._default_manager.filter(pk__in=moved).update(**{name: kept})
        rows[label] = {"held": held, "moved": moved}
    rows[ACCOUNTS] = {"held": list(_accounts(kept)), "moved": _move_accounts(kept, gone)}
    return {"rows": rows, "preparation": _join_preparations(kept, gone), "pairs": _carry_decisions(kept, gone)}


def built_on(*, kept: Person, moved: Moved) -> list[str | Promise]:
    """Why the merge cannot be taken back: something came since, and nobody knows whose it is."""
    reasons: list[str | Promise] = []
    for label, model, name in moving_relations():
        if model is PersonMerge:  # a later merge has a refusal of its own
            continue
        rows = moved["rows"].get(label, {"held": [], "moved": []})
        known = {*rows["held"], *rows["moved"]}
        if not known.issuperset(_keys(model, name, kept)):
            reasons.append(
                _("Since the merge something was added: %(what)s.") % {"what": model._meta.verbose_name_plural}
            )
    accounts = moved["rows"].get(ACCOUNTS)
    if accounts and not {*accounts["held"], *accounts["moved"]}.issuperset(_accounts(kept)):
        reasons.append(
            _("Since the merge something was added: %(what)s.") % {"what": PayeeAccount._meta.verbose_name_plural}
        )
    present = CardPreparation.objects.filter(person=kept).first()
    if moved["preparation"] and (present is None or row_values(present) != moved["preparation"]["after"]):
        reasons.append(_("Since the merge the preparation of the job seeker card was changed."))
    return reasons


def unmerge(*, kept: Person, gone: Person, moved: Moved, by: User) -> None:
    """Puts every row back where it was; `gone` is there again already."""
    for label, model, name in moving_relations():
        keys = moved["rows"].get(label, {}).get("moved", [])
        model._default_manager.filter(pk__in=keys, **{name: kept}).update(**{name: gone})
    accounts = PayeeAccount.objects.filter(pk__in=moved["rows"].get(ACCOUNTS, {}).get("moved", []))
    accounts.update(owner=f"person:{gone.pk}")
    if preparation := moved["preparation"]:
        CardPreparation.objects.filter(person=kept).delete()
        for values in preparation["before"]:
            put_back(CardPreparation, values)
    PersonPair.objects.filter(pk__in=moved["pairs"]["made"]).delete()
    for values in moved["pairs"]["before"]:
        there = Person.objects.filter(pk__in=[values["first_id"], values["second_id"]]).count() == 2
        if there and not PersonPair.objects.of(values["first_id"], values["second_id"]).exists():
            put_back(PersonPair, values)


def _accounts(person: Person) -> Iterator[int]:
    own = PayeeAccount.objects.filter(agency=person.agency_id, owner=f"person:{person.pk}")
    yield from own.order_by("pk").values_list("pk", flat=True)


def _move_accounts(kept: Person, gone: Person) -> list[int]:
    """Money goes to one account: where both cards have one, that of the card that stays. The other keeps its old name.

    Under that name `queries.references_of` finds it, to be told and to be erased; nothing is paid to it.
    """
    taken = PayeeAccount.objects.current().filter(agency=kept.agency_id, owner=f"person:{kept.pk}")
    mine = PayeeAccount.objects.filter(pk__in=list(_accounts(gone)))
    keys = list(mine.exclude(state__in=taken.values("state")).order_by("pk").values_list("pk", flat=True))
    PayeeAccount.objects.filter(pk__in=keys).update(owner=f"person:{kept.pk}")
    return keys


def put_back(model: type[Row], values: dict[str, Any]) -> Row:
    """The row as it was, also what is otherwise written by itself."""
    row = row_of(model, values)
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if _writes_itself(field)}
    row.save(force_insert=True)
    if kept:
        model._default_manager.filter(pk=row.pk).update(**kept)
    return row


def _writes_itself(field: Any) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _keys(model: type[models.Model], name: str, person: Person) -> list[int]:
    return list(model._default_manager.filter(**{name: person}).order_by("pk").values_list("pk", flat=True))


def _join_preparations(kept: Person, gone: Person) -> dict[str, Any] | None:
    """One person has one; the newer one stays, whoever's it was."""
    rows = list(CardPreparation.objects.filter(person__in=[kept, gone]).order_by("-updated_at", "pk"))
    if not any(row.person_id == gone.pk for row in rows):
        return None
    before = [row_values(row) for row in rows]
    newest, *others = rows
    for row in others:
        row.delete()
    CardPreparation.objects.filter(pk=newest.pk).update(person=kept)
    return {"before": before, "after": before[0] | {"person_id": kept.pk}}


def _carry_decisions(kept: Person, gone: Person) -> dict[str, Any]:
    """Whoever `gone` is not, `kept` is not either, unless that was decided on its own. All pairs of `gone` go."""
    pairs = list(PersonPair.objects.about(gone))
    made = []
    for pair in pairs:
        other = pair.second_id if pair.first_id == gone.pk else pair.first_id
        if other == kept.pk or pair.decision != PersonPair.Decision.DIFFERENT:
            continue
        low, high = sorted((kept.pk, other))
        known = PersonPair.objects.of(low, high)
        if known.exclude(decision=PersonPair.Decision.OPEN).exists():
            continue
        values = row_values(pair) | {"first_id": low, "second_id": high, "id": None}
        row = row_of(PersonPair, values)
        known.delete()
        row.save(force_insert=True)
        made.append(row.pk)
    before = [row_values(pair) for pair in pairs]
    PersonPair.objects.filter(pk__in=[pair.pk for pair in pairs]).delete()
    return {"before": before, "made": made}

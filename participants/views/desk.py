"""What the views of the office share: fetching what one may see, running an action on a form, saying how to undo."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.permissions import holds, signed_in
from accounts.roles import Permission
from participants.models import DeclaredData, Registration
from participants.permissions import (
    can_bring_in,
    can_export,
    can_keep_cards,
    can_list,
    can_register_assisted,
    can_see_papers,
    can_verify_in,
    can_write_to,
)
from programs.models import Batch
from programs.permissions import can_manage_batch


def visible_batch(request: HttpRequest, pk: int, permission: Permission = Permission.VIEW_BATCHES) -> Batch:
    batches = Batch.objects.visible_to(signed_in(request), permission).with_office()
    return get_object_or_404(batches, pk=pk)


def visible_registration(request: HttpRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(signed_in(request)).with_parts().with_position()
    return get_object_or_404(rows, pk=pk)


def batch_rights(request: HttpRequest, batch: Batch) -> dict[str, bool]:
    """What the person may do in this batch, for the buttons of a page; each view asks again."""
    user = signed_in(request)
    return {
        "manage": can_manage_batch(user, batch),
        "list": can_list(user, batch),
        "verify": can_verify_in(user, batch),
        "assist": can_register_assisted(user, batch),
        "bring_in": can_bring_in(user, batch),
        "cards": can_keep_cards(user, batch),
        "export": can_export(user, batch),
        "write": can_write_to(user, batch),
        "money": holds(user, Permission.VIEW_BUDGETS, agency_id=batch.program.agency_id),
        "papers": can_see_papers(user, batch),
    }


def tell_undoable(request: HttpRequest, registration: Registration, sentence: str) -> None:
    """Says what was done, with the way back beside it."""
    undo = reverse("participants:registration_undo", args=[registration.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', sentence, undo, _("Undo this decision")))


@dataclass(frozen=True)
class Compared:
    """One line of two records side by side."""

    name: str
    first: Any
    second: Any

    @property
    def differs(self) -> bool:
        return bool(self.first != self.second)


COMPARED = ("full_name", "nik", "birth_date", "sex", "phone", "email", "address", "rt_rw", "region", "occupation")


def compare(first: DeclaredData, second: DeclaredData) -> list[Compared]:
    """What was declared, field by field. Identity numbers are compared by their hash and never shown."""

    def shown(row: DeclaredData, name: str) -> Any:
        if name == "rt_rw":
            return " / ".join(part for part in (row.rt, row.rw) if part)
        return row.nik_hash if name == "nik" else getattr(row, name)

    on_entries = ("business_name",) if isinstance(first, Registration) and isinstance(second, Registration) else ()
    return [Compared(name, shown(first, name), shown(second, name)) for name in (*COMPARED, *on_entries)]

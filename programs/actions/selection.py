"""How a programme gives its seats, for the batches that will be published."""

import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from programs.models import Batch, Program, SelectionTerms
from programs.rules import Terms, seed_hash


@transaction.atomic
def declare_selection(
    *, program: Program, method: str, terms: Terms, business_list: str, business_kinds: Sequence[str], by: User
) -> Program:
    """Batches that are public keep what was declared when they were published. Refuses limits under first come."""
    if method == Program.SelectionMethod.FIRST_COME and (terms.limits or terms.points):
        raise ValidationError(_("Points and limits need a selection by points or by draw."), code="terms_need_method")
    if method != Program.SelectionMethod.POINTS and terms.points:
        raise ValidationError(_("Points count only in a selection by points."), code="points_need_method")
    if business_list == Program.BusinessList.NONE and any(limit.stratum == "business_kind" for limit in terms.limits):
        raise ValidationError(_("To limit kinds of business, ask for the kind of business."), code="business_not_asked")
    locked = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    before = {"method": locked.selection_method, "terms": locked.selection_terms, "business": locked.business_list}
    locked.selection_method, locked.selection_terms = method, terms.as_json()
    locked.business_list, locked.business_kinds = business_list, "\n".join(business_kinds)
    with spoken_refusals(Program):
        locked.save(update_fields=["selection_method", "selection_terms", "business_list", "business_kinds"])
    after = {"method": method, "terms": locked.selection_terms, "business": business_list}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(action="program.selection_declared", by=by, target=locked, agency=locked.agency, changes=changes)
    return locked


def declare_terms(*, batch: Batch) -> str:
    """The programme's method and terms as they are now; under a draw a seed that nobody has seen, and its hash."""
    program = batch.program
    method = Program.SelectionMethod(program.selection_method)
    if method == Program.SelectionMethod.FIRST_COME:
        return method
    seed = secrets.token_hex(32) if method == Program.SelectionMethod.DRAW else None
    SelectionTerms.objects.create(
        batch=batch,
        content=program.selection_terms,
        seed=seed,
        seed_hash=seed_hash(seed) if seed else "",
        declared_at=timezone.now(),
    )
    return method

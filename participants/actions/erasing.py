"""Erasing is proposed by one officer and confirmed by another, and runs through all apps in one transaction."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from kit.privacy import privacy_modules
from participants import notices, privacy, queries
from participants.actions.asking import note_step, still_open
from participants.models import DataRequest, RequestKind, RequestState


@transaction.atomic
def propose_erasure(*, request: DataRequest, by: User) -> DataRequest:
    """The first officer has checked who asks and that nothing forbids it."""
    fresh = still_open(request)
    _refuse(fresh)
    if fresh.proposed_at is not None:
        raise ValidationError(_("Erasing has been proposed already."), code="proposed_already")
    fresh.state, fresh.taken_by = RequestState.IN_PROGRESS, by
    fresh.proposed_at, fresh.proposed_by = timezone.now(), by
    fresh.save(update_fields=["state", "taken_by", "proposed_at", "proposed_by"])
    note_step(fresh, action="data_request.erasure_proposed", by=by)
    return fresh


@transaction.atomic
def drop_erasure_proposal(*, request: DataRequest, by: User) -> DataRequest:
    fresh = still_open(request)
    fresh.proposed_at = fresh.proposed_by = None
    fresh.save(update_fields=["proposed_at", "proposed_by"])
    note_step(fresh, action="data_request.erasure_dropped", by=by)
    return fresh


@transaction.atomic
def confirm_erasure(*, request: DataRequest, by: User) -> DataRequest:
    """The second officer: from here on nothing brings the person back. Who asked hears of it once more, and last."""
    if not holds(by, Permission.MANAGE_PRIVACY, agency_id=request.agency_id):
        raise PermissionDenied
    fresh = still_open(request)
    _refuse(fresh)
    if fresh.proposed_by is None:
        raise ValidationError(_("Erasing has to be proposed first."), code="not_proposed")
    if fresh.proposed_by == by:
        raise ValidationError(
            _("You proposed it yourself: another officer confirms."), code="data_request_erasure_by_two"
        )
    kept = queries.kept_by_law(fresh.subject)
    farewell = notices.farewell(fresh, kept)
    note_step(fresh, action="data_request.erased", by=by, changes={"kept": len(kept)})
    if fresh.person is not None:
        for module in privacy_modules():
            module.erase(person=fresh.person, by=by)
    elif fresh.registration is not None:
        privacy.erase_entry(registration=fresh.registration, by=by)
    ended = {"state": RequestState.DONE, "answered_at": timezone.now(), "answered_by": by}
    DataRequest.objects.filter(pk=fresh.pk).update(**ended)
    # Whatever else was asked has lost its subject.
    others = DataRequest.objects.open().exclude(pk=fresh.pk)
    about = {"person": fresh.person} if fresh.person else {"registration": fresh.registration}
    others.filter(**about).update(state=RequestState.TAKEN_BACK, answered_at=timezone.now())
    farewell()
    return DataRequest.objects.with_parts().get(pk=fresh.pk)


def _refuse(request: DataRequest) -> None:
    if request.kind != RequestKind.ERASURE:
        raise ValidationError(_("Nobody asked to erase anything here."), code="not_erasure")
    if obstacles := queries.obstacles_to_erasing(request.subject):
        raise ValidationError([ValidationError(line, code="erasing_forbidden") for line in obstacles])

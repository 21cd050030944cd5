"""Consents are given and withdrawn for each purpose, and both take effect at once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from notifications.actions import allow_whatsapp, stop_whatsapp
from notifications.models import WhatsAppChoice
from participants import queries, rules
from participants.actions.asking import agency_of, note_step
from participants.models import Consent, DataRequest, Registration, RequestKind, RequestState, written_wish
from participants.models.rights import TIME_TO_ANSWER
from participants.queries import Subject

NOT_A_CHOICE = _("This is no consent: without it the portal could not serve you.")


@transaction.atomic
def withdraw_consent(
    *, subject: Subject, registration: Registration, purpose: str, identity: str, by: User | None
) -> DataRequest:
    """Written down as a request that is done in the same moment."""
    _refuse_notice(purpose)
    now = timezone.now()
    theirs = queries.entries_of_subject(subject).order_by().values("pk")
    consents = Consent.objects.filter(registration__in=theirs, purpose=purpose, given=True, withdrawn_at__isnull=True)
    if not consents.update(withdrawn_at=now):
        raise ValidationError(_("This consent was not given, or is withdrawn already."), code="consent_not_given")
    request = DataRequest.objects.create(
        agency=agency_of(subject),
        region_id=registration.batch.region_id,
        kind=RequestKind.CONSENT_WITHDRAWAL,
        state=RequestState.DONE,
        code=rules.new_code(),
        person=None if isinstance(subject, Registration) else subject,
        registration=registration,
        identity=identity,
        entered_by=by,
        received_at=now,
        due_at=now + TIME_TO_ANSWER,
        answered_at=now,
        answered_by=by,
        purpose=purpose,
        wish=written_wish(),
    )
    if purpose == Consent.Purpose.WHATSAPP:
        for phone in _phones(subject):
            stop_whatsapp(agency=request.agency, phone=phone, by=by)
    note_step(request, action="data_request.consent_withdrawn", by=by, changes={"purpose": purpose})
    return request


@transaction.atomic
def give_consent(*, subject: Subject, registration: Registration, purpose: str, by: User | None) -> None:
    """A later yes, to the words in force; it stands on the entry that is open."""
    _refuse_notice(purpose)
    channel = Consent.Channel.PAPER if by else Consent.Channel.ONLINE
    now, agency = timezone.now(), agency_of(subject)
    version = queries.texts_in_force(agency, now).version(purpose)
    values = {"given": True, "text_version": version, "channel": channel, "at": now, "withdrawn_at": None}
    Consent.objects.update_or_create(
        registration=registration, purpose=purpose, defaults={**values, "witnessed_by": by}
    )
    if purpose == Consent.Purpose.WHATSAPP:
        source = WhatsAppChoice.Source.PAPER if by else WhatsAppChoice.Source.FORM
        about = ("registration", registration.pk)
        if not allow_whatsapp(agency=agency, phone=registration.phone, source=source, by=by, subject=about):
            raise ValidationError(
                _("This number itself said STOP. Send START to the office by WhatsApp to allow it again."),
                code="number_said_stop",
            )
    record(
        action="consent.given",
        by=by,
        target=registration,
        subject=registration.person or registration,
        agency=agency,
        changes={"purpose": purpose},
    )


def _refuse_notice(purpose: str) -> None:
    if purpose == Consent.Purpose.NOTICE or purpose not in Consent.Purpose.values:
        raise ValidationError(NOT_A_CHOICE, code="not_a_consent")


def _phones(subject: Subject) -> set[str]:
    own = set(queries.entries_of_subject(subject).order_by().values_list("phone", flat=True))
    return {phone for phone in {*own, subject.phone} if phone}

"""What an office sets for its channels, and what people say about WhatsApp."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.phones import is_mobile, mask_phone
from kit.refusals import spoken_refusals
from kit.rows import insert_unless_there
from notifications import routing
from notifications.delivery import fail_over
from notifications.models import (
    Channel,
    ChannelPolicy,
    Message,
    State,
    WhatsAppChoice,
    WhatsAppGateway,
    WhatsAppTemplate,
)

Setting = ChannelPolicy | WhatsAppGateway | WhatsAppTemplate


@transaction.atomic
def save_channel_setting(*, row: Setting, changed: Sequence[str], by: User) -> Setting:
    """A gateway that is saved begins anew: what had stopped it is taken to be mended."""
    if isinstance(row, WhatsAppGateway):
        row.paused_at, row.pause_reason, row.not_before = None, "", timezone.now()
    with spoken_refusals(type(row)):
        row.save()
    routing.note_change(row.agency_id)
    told = {"fields": list(changed), "of": row._meta.model_name}
    record(action="channels.saved", by=by, target=row, agency=row.agency, changes=told)
    return row


@transaction.atomic
def remove_template(*, template: WhatsAppTemplate, by: User) -> None:
    """What waits for this template goes the next way."""
    told = {"kind": template.kind, "language": template.language, "name": template.name}
    record(action="channels.template_removed", by=by, target=template, agency=template.agency, changes=told)
    template.delete()
    routing.note_change(template.agency_id)


@transaction.atomic
def allow_whatsapp(
    *,
    agency: Agency,
    phone: str,
    source: WhatsAppChoice.Source,
    by: User | None,
    subject: tuple[str, str | int] = ("", ""),
) -> bool:
    """Notes that a number allows WhatsApp. A stop that came from the number itself outweighs any form."""
    if not is_mobile(phone):
        return False
    fields = {"wants": True, "source": source, "at": timezone.now()}
    fields |= {"subject_type": subject[0], "subject_id": str(subject[1])}
    if insert_unless_there(WhatsAppChoice(agency=agency, phone=phone, **fields)):
        return True
    known = WhatsAppChoice.objects.filter(agency=agency, phone=phone)
    return known.exclude(wants=False, source=WhatsAppChoice.Source.REPLY).update(**fields) > 0


@transaction.atomic
def note_reply(*, agency: Agency, phone: str, wants: bool, at: dt.datetime, by: None = None) -> bool:
    """STOP or START from the number itself. An older or repeated reply changes nothing."""
    source = WhatsAppChoice.Source.REPLY
    if not insert_unless_there(WhatsAppChoice(agency=agency, phone=phone, wants=wants, source=source, at=at)):
        known = WhatsAppChoice.objects.filter(agency=agency, phone=phone, at__lt=at)
        fields: dict[str, Any] = {"wants": wants, "source": source, "at": at, "subject_type": "", "subject_id": ""}
        if not known.update(**fields):
            return False
    told = {"phone": mask_phone(phone)}
    if wants:
        record(action="whatsapp.allowed", by=by, agency=agency, target=agency, changes=told)
    else:
        record(action="whatsapp.stopped", by=by, agency=agency, target=agency, changes=told)
        _leave_whatsapp(agency, phone)
    return True


@transaction.atomic
def stop_whatsapp(*, agency: Agency, phone: str, by: User | None) -> bool:
    """A consent from a form is withdrawn; what waits goes the next way. A later form may allow it again."""
    allowed = WhatsAppChoice.objects.filter(agency=agency, phone=phone, wants=True)
    if not allowed.update(wants=False, at=timezone.now()):
        return False
    record(action="whatsapp.stopped", by=by, agency=agency, target=agency, changes={"phone": mask_phone(phone)})
    _leave_whatsapp(agency, phone)
    return True


@transaction.atomic
def forget_number(*, agency: Agency, phone: str, by: User | None) -> None:
    """What a number said about WhatsApp goes with the person: a number without a row is sent none."""
    WhatsAppChoice.objects.filter(agency=agency, phone=phone).delete()


def _leave_whatsapp(agency: Agency, phone: str) -> None:
    """What waits for this number goes the next way at once; what was sent falls back to no WhatsApp any more."""
    waiting = Message.objects.filter(
        agency=agency, channel=Channel.WHATSAPP, state=State.QUEUED, recipient_address=phone
    )
    for message in waiting.select_related("agency").select_for_update(of=("self",), no_key=True):
        fail_over(message, _("The recipient does not want messages by WhatsApp."), "opted_out")

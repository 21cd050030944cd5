"""The office changes what its messages say. Nothing is overwritten: each change is a new version."""

import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.permissions import holds
from accounts.roles import Permission
from kit.refusals import spoken_refusals
from notifications import texts
from notifications.models import Message, MessageText
from notifications.outbox import Draft, enqueue_one
from notifications.rules import Wording, tidy


@transaction.atomic
def save_texts(
    *, agency: Agency, kind: str, wordings: Mapping[str, Wording], based_on: Mapping[str, int], by: User
) -> list[MessageText]:
    """The office's own words by language; what is in force already stays. `based_on`: the versions seen."""
    saved = [
        _save(agency, kind, language, wording, based_on.get(language, 0), by) for language, wording in wordings.items()
    ]
    return [text for text in saved if text is not None]


@transaction.atomic
def reset_text(*, agency: Agency, kind: str, language: str, based_on: int, by: User) -> MessageText | None:
    """Back to the product's words; the office's own stay among the former versions."""
    _rule_of(kind)
    now = _latest(agency, kind, language)
    if now is None or now.is_standard:
        return None
    return _add(agency, kind, language, Wording("", ""), based_on, by)


@transaction.atomic
def restore_text(*, text: MessageText, by: User) -> MessageText | None:
    """A former version is in force again, as a new one; today's rules for placeholders count."""
    now = _latest(text.agency, text.kind, text.language)
    based_on = now.version if now else 0
    wording = Wording("", "") if text.is_standard else text.wording
    if wording == (now.wording if now else Wording("", "")):
        return None
    if not text.is_standard:
        texts.check_wording(wording, _rule_of(text.kind))
    return _add(text.agency, text.kind, text.language, wording, based_on, by)


@transaction.atomic
def send_sample(*, agency: Agency, kind: str, language: str, wording: Wording, by: User) -> Message | None:
    """The text as a made-up person would get it, to the officer's own address."""
    _require_manager(agency, by)
    try:
        validate_email(by.email)
    except ValidationError as error:
        raise ValidationError(
            _("Your account has no e-mail address, so no sample can be sent."), code="no_email"
        ) from error
    texts.check_wording(wording, _rule_of(kind))
    shown = texts.preview(wording, kind, language, agency)
    draft = Draft(
        agency=agency,
        kind="account_text_sample",
        key=f"text_sample:{uuid.uuid4()}",
        language=language,
        recipient_name=by.full_name,
        email=by.email,
        context={"subject": shown.subject, "text": shown.body},
        subject=("accounts.user", by.pk),
    )
    record(action="text.sample_sent", by=by, agency=agency, target=agency, changes={"kind": kind, "language": language})
    return enqueue_one(draft)


def _save(agency: Agency, kind: str, language: str, wording: Wording, based_on: int, by: User) -> MessageText | None:
    wording = Wording(" ".join(tidy(wording.subject).split()), tidy(wording.body))
    if not wording.subject or not wording.body:
        raise ValidationError(_("A text has a subject and a body, or is the standard text."), code="incomplete")
    texts.check_wording(wording, _rule_of(kind))
    standard = texts.outline(kind, language)
    now = _latest(agency, kind, language)
    if wording == (now.wording if now and not now.is_standard else standard):
        return None
    return _add(agency, kind, language, Wording("", "") if wording == standard else wording, based_on, by)


def _add(agency: Agency, kind: str, language: str, wording: Wording, based_on: int, by: User) -> MessageText:
    """The constraint on the number of the version settles who was first of two who saved at once."""
    _require_manager(agency, by)
    mine = MessageText.objects.filter(agency=agency, kind=kind, language=language)
    version = based_on + 1
    with spoken_refusals(MessageText):
        mine.filter(is_current=True, version=based_on).update(is_current=False)
        text = MessageText.objects.create(
            agency=agency, kind=kind, language=language, version=version, edited_by=by, **wording._asdict()
        )
    Agency.objects.filter(pk=agency.pk).update(texts_version=F("texts_version") + 1)
    changes = {"kind": kind, "language": language, "version": version, "standard": text.is_standard}
    record(action="text.changed", by=by, agency=agency, target=text, changes=changes)
    return text


def _latest(agency: Agency, kind: str, language: str) -> MessageText | None:
    return MessageText.objects.in_force(agency).filter(kind=kind, language=language).first()


def _rule_of(kind: str) -> texts.Kind:
    if kind not in texts.KINDS:
        raise ValidationError(_("The words of this message cannot be changed."), code="kind_fixed")
    return texts.KINDS[kind]


def _require_manager(agency: Agency, by: User) -> None:
    if not holds(by, Permission.MANAGE_TEXTS, agency.pk, agency.region_id):
        raise PermissionDenied

"""Restricted data is kept and not used: out of lists, exports and messages, seen by the data protection officer."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from notifications.actions import cancel_about
from participants import queries
from participants.actions.asking import agency_of
from participants.models import Person, Registration, RegistrationQuerySet
from participants.models.states import IS_ACTIVE
from participants.queries import Subject

IN_USE = IS_ACTIVE & Q(batch__state__in=queries.RUNNING)


@transaction.atomic
def restrict(*, subject: Subject, by: User) -> int:
    """Sets the flag. An entry with a place in a training that is not over goes on until then. How many were set."""
    now = timezone.now()
    if isinstance(subject, Person):
        Person.objects.filter(pk=subject.pk, restricted_at__isnull=True).update(restricted_at=now)
        own = Registration.objects.filter(person=subject, anonymised_at__isnull=True)
    else:
        own = Registration.objects.filter(pk=subject.pk)
        if own.filter(IN_USE).exists():
            raise ValidationError(
                _("This entry has a place in a training that is not over. Cancel it first, or wait until then."),
                code="entry_in_use",
            )
    return _set(own, subject, now, by)


def _set(own: RegistrationQuerySet, subject: Subject, now: datetime, by: User | None) -> int:
    free = own.filter(restricted_at__isnull=True).exclude(pk__in=own.filter(IN_USE).values("pk"))
    keys = list(free.order_by("pk").values_list("pk", flat=True))
    Registration.objects.filter(pk__in=keys).update(restricted_at=now)
    agency = agency_of(subject)
    cancel_about(agency=agency, subjects={"registration": keys}, by=by)
    record(
        action="data.restricted",
        by=by,
        target=subject,
        subject=subject,
        agency=agency,
        changes={"entries": len(keys)},
        actor_label="" if by else "system",
    )
    return len(keys)


@transaction.atomic
def lift_restriction(*, subject: Subject, reason: str, by: User) -> None:
    """At the wish of the person, or when its cause is gone; says why."""
    if not reason.strip():
        sentence = _("Please write why the restriction ends.")
        raise ValidationError({"reason": ValidationError(sentence, code="reason_needed")})
    _lift(subject, reason, by)


@transaction.atomic
def end_own_restriction(*, subject: Subject, by: None) -> None:
    """Who asked for it ends it; nobody has to agree, and no reason is asked."""
    if type(subject).objects.filter(pk=subject.pk, restricted_at__isnull=True).exists():
        raise ValidationError(_("The use of your data is not restricted."), code="not_restricted")
    _lift(subject, "", by)


def _lift(subject: Subject, reason: str, by: User | None) -> None:
    if isinstance(subject, Person):
        Person.objects.filter(pk=subject.pk).update(restricted_at=None)
        Registration.objects.filter(person=subject).update(restricted_at=None)
    else:
        Registration.objects.filter(pk=subject.pk).update(restricted_at=None)
    agency = agency_of(subject)
    record(action="data.released", by=by, target=subject, subject=subject, agency=agency, purpose=reason)


def restrict_what_ended(now: datetime) -> int:
    """Entries of restricted people whose training is over since. How many."""
    left = Registration.objects.filter(
        Exists(Person.objects.filter(pk=OuterRef("person"), restricted_at__isnull=False)),
        restricted_at__isnull=True,
        anonymised_at__isnull=True,
        created_at__lt=now,
    ).exclude(IN_USE)
    waiting = Person.objects.filter(pk__in=left.values("person"), restricted_at__isnull=False)
    count = 0
    for person in waiting.defer("nik").order_by("pk"):
        with transaction.atomic():
            before = Registration.objects.filter(person=person, created_at__lt=person.restricted_at or now)
            if before.filter(restricted_at__isnull=True).exclude(IN_USE).exists():
                count += _set(before, person, now, None)
    return count

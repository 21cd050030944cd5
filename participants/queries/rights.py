"""What hangs on a person's data: which entries are theirs, what forbids erasing, what the law keeps, who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, AuditEntry, User
from accounts.permissions import holds
from accounts.roles import Permission
from budgets.models import PayeeAccount, Payment
from documents.models import Document
from participants.models import (
    CheckState,
    Complaint,
    Consent,
    DataRequest,
    DataRequestQuerySet,
    ImportRow,
    IncidentPerson,
    Person,
    Registration,
    RegistrationImport,
    RegistrationQuerySet,
    SheetLine,
)
from participants.models.rights import HOURS, IS_OPEN
from participants.queries.persons import numbers_of
from programs.models import Batch

RUNNING = [Batch.State.PLANNED, Batch.State.PUBLISHED]
ENDED_IMPORTS = list(RegistrationImport.ENDED)
ENTRY, PERSON = "participants.registration", "participants.person"
Subject = Person | Registration


def subject_of(registration: Registration, *, is_proven: bool) -> Subject:
    """Whose data may be seen by whoever opened this entry: the person's, or the one entry's alone.

    A PIN proves that somebody made the entry, and whoever knows number and telephone of another can make one (ADR 1).
    The whole person is shown only when an officer verified this entry, or a code went to the contact on file.
    """
    person = registration.person
    is_known = is_proven or registration.check_state == CheckState.VERIFIED
    return person if person is not None and person.anonymised_at is None and is_known else registration


def entries_of_subject(subject: Subject) -> RegistrationQuerySet:
    """Newest first, with everything around them."""
    own = Q(person=subject) if isinstance(subject, Person) else Q(pk=subject.pk)
    return Registration.objects.with_parts().with_position().filter(own, anonymised_at__isnull=True).order_by("-pk")


def requests_of(subject: Subject) -> DataRequestQuerySet:
    """What was asked about exactly this: an entry that is not settled does not show what its person asked."""
    own = Q(person=subject) if isinstance(subject, Person) else Q(registration=subject, person__isnull=True)
    return DataRequest.objects.filter(own).order_by("-pk")


def consents_of(subject: Subject) -> dict[str, Consent]:
    """By purpose: the newest word, and whether any entry's consent is still in force."""
    found: dict[str, Consent] = {}
    for consent in Consent.objects.filter(registration__in=_keys(subject)).order_by("at", "pk"):
        known = found.get(consent.purpose)
        if known is None or consent.in_force or not known.in_force:
            found[consent.purpose] = consent
    return found


def _keys(subject: Subject) -> Any:
    return entries_of_subject(subject).order_by().values("pk")


def obstacles_to_erasing(subject: Subject) -> list[str]:
    """Sentences; empty when nothing stands in the way."""
    found = [
        _("Entry %(code)s has a place in “%(batch)s”, which is not over. It has to be cancelled first, or finished.")
        % {"code": entry.shown_code, "batch": entry.batch}
        for entry in entries_of_subject(subject).active().filter(batch__state__in=RUNNING)
    ]
    if isinstance(subject, Person):
        same = Registration.objects.active().filter(
            person__isnull=True, nik_hash=subject.nik_hash, batch__program__agency=subject.agency_id
        )
        if same.exists():
            found.append(_("Another entry bears the same identity number; whose it is has to be settled first."))
        if ImportRow.objects.filter(nik_hash=subject.nik_hash).exclude(upload__state__in=ENDED_IMPORTS).exists():
            found.append(_("A spreadsheet with this identity number is being brought in; it has to be ended first."))
    if _payments(subject).standing().exclude(state=Payment.State.PAID).exists():
        found.append(_("A payment to this person is under way; it has to be paid or taken back first."))
    return found


def kept_by_law(subject: Subject) -> list[str]:
    """What stays after erasing, each with its reason."""
    papers, paid = papers_of(subject).count(), _payments(subject).count()
    found = []
    if papers:
        reason = ngettext(
            "%(count)d official paper that was issued: records of the office must be kept (Law 43/2009).",
            "%(count)d official papers that were issued: records of the office must be kept (Law 43/2009).",
            papers,
        )
        found.append(reason % {"count": papers})
    if paid:
        reason = ngettext(
            "%(count)d payment with its receipt: books of public money must be kept (Law 17/2003).",
            "%(count)d payments with their receipts: books of public money must be kept (Law 17/2003).",
            paid,
        )
        found.append(reason % {"count": paid})
    if SheetLine.objects.filter(registration__in=_keys(subject)).exists():
        found.append(_("The attendance sheets signed on paper: records of the office (Law 43/2009)."))
    found.append(_("The audit trail, which holds no numbers, addresses or contact data."))
    return found


def papers_of(subject: Subject) -> QuerySet[Document]:
    subjects = [f"entry:{key}" for key in entries_of_subject(subject).order_by().values_list("pk", flat=True)]
    if isinstance(subject, Person):
        subjects += references_of(subject)
    letters = IncidentPerson.objects.filter(registration__in=_keys(subject)).values_list("incident", "registration")
    subjects += [f"incident:{incident}:entry:{entry}" for incident, entry in letters]
    return Document.objects.filter(subject__in=subjects).listed().order_by("-pk")


def _payments(subject: Subject) -> Any:
    references = [f"entry:{key}" for key in entries_of_subject(subject).order_by().values_list("pk", flat=True)]
    theirs = Q(reference__in=references)
    if isinstance(subject, Person):
        theirs |= Q(payee_key__in=references_of(subject), agency=subject.agency_id)
    return Payment.objects.filter(theirs)


def references_of(person: Person) -> list[str]:
    """How papers, payments and accounts name the person: by the card, and by each that was merged into it."""
    return [f"person:{number}" for number in numbers_of(person)]


def payments_of(subject: Subject) -> QuerySet[Payment]:
    found: QuerySet[Payment] = _payments(subject).select_related("account").defer("account__number").order_by("-pk")
    return found


def accounts_of(subject: Subject) -> QuerySet[PayeeAccount]:
    if not isinstance(subject, Person):
        return PayeeAccount.objects.none()
    own = PayeeAccount.objects.filter(agency=subject.agency_id, owner__in=references_of(subject))
    return own.select_related("bank").defer("number").order_by("-pk")


def complaints_of(subject: Subject) -> QuerySet[Complaint]:
    return Complaint.objects.filter(registration__in=_keys(subject)).order_by("-pk")


@dataclass(frozen=True)
class Trace:
    """One line of the trail that concerns somebody, and whether it was only looked at."""

    entry: AuditEntry
    is_look: bool


LOOKS = (
    *("registration.nik_revealed", "registration.evidence_seen", "registrations.exported"),
    *("data_request.extract_made", "data_request.evidence_seen", "paper.opened"),
)


def trail_of(subject: Subject, most: int = 1000) -> list[Trace]:
    """What was done with the data and who looked, the newest first; also lists that were taken out as a whole."""
    entries: Sequence[tuple[int, int]] = list(entries_of_subject(subject).order_by().values_list("pk", "batch"))
    keys = [str(key) for key, _batch in entries]
    theirs = Q(object_type=ENTRY, object_id__in=keys) | Q(subject_type=ENTRY, subject_id__in=keys)
    if isinstance(subject, Person):
        numbers = [str(number) for number in numbers_of(subject)]
        theirs |= Q(object_type=PERSON, object_id__in=numbers) | Q(subject_type=PERSON, subject_id__in=numbers)
    found = list(AuditEntry.objects.filter(theirs).select_related("agency").order_by("-pk")[:most])
    batches = [str(batch) for _key, batch in entries]
    first = entries_of_subject(subject).order_by("created_at").values_list("created_at", flat=True).first()
    if batches and first is not None:
        lists = AuditEntry.objects.filter(object_type="programs.batch", object_id__in=batches, at__gte=first)
        exported = lists.filter(action="registrations.exported").select_related("agency")
        found += list(exported.order_by("-pk")[:most])
    found.sort(key=lambda line: line.pk, reverse=True)
    return [Trace(line, line.action in LOOKS) for line in found[:most]]


def request_staff(request: DataRequest, hours: int) -> list[User]:
    """Who is reminded: whoever answers such requests there; when it is overdue, the data protection officer too."""
    wanted = [Permission.MANAGE_DATA_REQUESTS]
    wanted += [Permission.MANAGE_PRIVACY] if hours >= HOURS else []
    return staff_holding(request.agency, request.region_id, *wanted)


def staff_holding(agency: Agency, region: str | None, *permissions: Permission) -> list[User]:
    """Who holds one of the permissions there; without a region, over the whole office."""
    people = User.objects.filter(is_active=True, role_assignments__agency=agency).distinct()
    found = people.prefetch_related("role_assignments__agency", "role_assignments__region").order_by("pk")
    code = region or agency.region_id
    return [
        user for user in found if any(holds(user, one, agency_id=agency.pk, region_code=code) for one in permissions)
    ]


@dataclass(frozen=True)
class RequestFigures:
    """Of the requests that one may see: what is open, what is late, and how many of the ended ones were in time."""

    open: int
    overdue: int
    ended: int
    in_time: int


def request_figures(requests: DataRequestQuerySet, now: datetime) -> RequestFigures:
    year = requests.filter(received_at__gte=now - timedelta(days=365)).order_by()
    told = year.aggregate(
        ended=Count("pk", filter=~IS_OPEN), in_time=Count("pk", filter=~IS_OPEN & Q(answered_at__lte=F("due_at")))
    )
    return RequestFigures(requests.open().count(), requests.overdue(now).count(), told["ended"], told["in_time"])

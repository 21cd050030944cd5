"""Who of a batch has a certificate, gets one or does not, and why; and the certificates of one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from documents.models import Document
from kit.crypto import keyed_hash
from notifications.models import Message
from participants.models import EARNS_CERTIFICATE, CheckState, Completion, Registration, RegistrationQuerySet, Seat
from participants.papers.certificates import CERTIFICATE_CODE, certificates_needed, certified_name
from participants.rules import Standing, certificate_obstacles
from programs.models import Batch, BatchQuerySet, Program

BATCH, PROGRAM = "angkatan", "program"
SEAL_LENGTH = 24
TOLD = "certificate_ready"
HAS, LACKS = Q(certificate__isnull=False), Q(certificate__isnull=True)
TABS: dict[str, Q] = {
    "all": Q(),
    "due": LACKS & Q(earns=True),
    "issued": HAS,
    "without": LACKS & Q(earns=False),
    "odd": HAS & (Q(earns=False) | ~Q(certificate_label=F("shown_name"))),
}


@dataclass(frozen=True)
class CertificateRow:
    """One person of a batch. `told_at` is when the message about the certificate was written."""

    entry: Registration
    name: str
    completion: Completion | None
    obstacles: list[str]
    document: Document | None
    told_at: datetime | None

    @property
    def is_renamed(self) -> bool:
        return self.document is not None and self.document.label != self.name

    @property
    def is_groundless(self) -> bool:
        return self.document is not None and bool(self.obstacles)

    @property
    def reasons(self) -> list[str]:
        return [obstacle_in_words(code, self.completion, self.entry.batch.program) for code in self.obstacles]


@dataclass(frozen=True)
class CertificateFigures:
    """Of a batch: how many earn a certificate, and how many are in force."""

    earned: int
    issued: int

    @property
    def missing(self) -> int:
        return max(self.earned - self.issued, 0)


def obstacle_in_words(code: str, completion: Completion | None, program: Program) -> str:
    if code == "attended_too_little" and completion is not None:
        if program.attendance_rule == Program.AttendanceRule.EVERY_SESSION:
            told = {"there": completion.sessions_attended, "planned": completion.sessions_planned}
            return _("Was in %(there)s of %(planned)s sessions; all are asked.") % told
        share = number_format(completion.share.normalize(), use_l10n=True)
        said = {"share": share, "asked": program.attendance_share}
        return _("Attended %(share)s%% of the lesson hours; %(asked)s%% are asked.") % said
    return {
        "no_seat": _("Holds no seat."),
        "not_verified": _("The data has not been verified."),
        "no_attendance": _("No attendance is noted."),
        "test_not_passed": _("Did not pass the test."),
    }[code]


def with_certificates(batch: Batch) -> RegistrationQuerySet:
    """Who holds a seat, was there or has a certificate, with `certificate` (its key), `earns` and `shown_name`."""
    key = Concat(Value("entry:"), Cast(OuterRef("pk"), TextField()))
    mine = Document.objects.in_force().filter(kind=CERTIFICATE_CODE, subject=key).order_by()
    found = Registration.objects.filter(batch=batch).annotate(
        certificate=Subquery(mine.values("pk")[:1]),
        certificate_label=Subquery(mine.values("label")[:1]),
        earns=Case(When(EARNS_CERTIFICATE, then=Value(True)), default=Value(False)),
        shown_name=Coalesce("person__full_name", "full_name"),
    )
    return found.filter(HAS | Q(seat=Seat.HELD) | Q(completion__sessions_attended__gt=0))


def certificate_counts(batch: Batch) -> dict[str, int]:
    """How many stand on each tab."""
    asked = {name: Count("pk", filter=wanted) if wanted else Count("pk") for name, wanted in TABS.items()}
    return with_certificates(batch).aggregate(**asked)


def certificate_rows(batch: Batch, entries: Sequence[Registration]) -> list[CertificateRow]:
    """The rows of a page of `with_certificates`, by two more queries however many they are."""
    wanted = [key for entry in entries if (key := getattr(entry, "certificate", None))]
    documents = Document.objects.listed().in_bulk(wanted)
    keys = {ready_key(document): document.pk for document in documents.values()}
    told = Message.objects.filter(key__in=keys).values_list("key", "created_at")
    told_at = {keys[key]: at for key, at in told}
    rows = []
    for entry in entries:
        entry.batch = batch
        completion = getattr(entry, "completion", None)
        document = documents.get(getattr(entry, "certificate", None) or 0)
        obstacles = certificate_obstacles(standing_of(entry, completion))
        at = told_at.get(document.pk) if document else None
        rows.append(CertificateRow(entry, certified_name(entry), completion, obstacles, document, at))
    return rows


def standing_of(entry: Registration, completion: Completion | None) -> Standing:
    return Standing(
        holds_seat=entry.seat == Seat.HELD,
        is_verified=entry.check_state == CheckState.VERIFIED,
        attended_enough=completion.attended_enough if completion else None,
        test_passed=completion.test_passed if completion else None,
    )


def certificate_figures(batches: Sequence[int]) -> dict[int, CertificateFigures]:
    """By the same two queries however many batches."""
    scopes = {f"batch:{pk}": pk for pk in batches}
    counted = Document.objects.in_force().filter(scope__in=scopes, kind=CERTIFICATE_CODE).order_by()
    issued = {scopes[row["scope"]]: row["total"] for row in counted.values("scope").annotate(total=Count("pk"))}
    earned = certificates_needed(batches)
    return {pk: CertificateFigures(earned.get(pk, 0), issued.get(pk, 0)) for pk in batches}


def certificate_batches(user: User, of: str, pk: int, permission: Permission) -> BatchQuerySet:
    """The batch, or all batches of the programme, as far as somebody sees them with this right."""
    found = Batch.objects.visible_to(user, permission).exclude(state=Batch.State.CANCELLED)
    return (found.filter(pk=pk) if of == BATCH else found.filter(program=pk)).soonest_first()


def certified_programs(user: User) -> "QuerySet[Program]":
    reach = scope_q(user, Permission.VIEW_DOCUMENTS, agency="agency", region=None)
    return Program.objects.filter(reach).select_related("agency__region", "fund_source")


def certificates_of(registration: Registration) -> list[Document]:
    """The newest edition of each certificate of an entry, also one that was revoked; the newest paper first."""
    mine = Document.objects.filter(kind=CERTIFICATE_CODE, subject=f"entry:{registration.pk}")
    newest: dict[str, Document] = {}
    for document in mine.listed().select_related("agency", "file").order_by("-edition", "-pk"):
        newest.setdefault(document.token, document)
    return sorted(newest.values(), key=lambda document: -document.pk)


def issued_in(batch: Batch) -> "QuerySet[Document]":
    """The certificates of a batch that are in force, by name."""
    found = Document.objects.in_force().about(f"batch:{batch.pk}").filter(kind=CERTIFICATE_CODE)
    return found.order_by("label", "pk")


def untold(batch: Batch) -> int:
    """How many certificates in force nobody was told of."""
    told = Message.objects.filter(key=Concat(Value(f"{TOLD}:"), Cast(OuterRef("pk"), TextField())))
    return issued_in(batch).exclude(Exists(told)).order_by().count()


@dataclass(frozen=True)
class OwnCertificate:
    document: Document
    path: str


def own_certificates(registration: Registration) -> list[OwnCertificate]:
    """For the resident's own page: each certificate of the entry with its own address."""
    return [OwnCertificate(document, certificate_path(document)) for document in certificates_of(registration)]


def ready_key(document: Document) -> str:
    """Under which a message about a certificate is written once; a corrected edition is told anew."""
    return f"{TOLD}:{document.pk}"


def certificate_seal(token: str) -> str:
    """What the owner's address has beside the public one: who scans a sheet in a hall cannot fetch its file."""
    return keyed_hash("certificate", token)[:SEAL_LENGTH]


def certificate_path(document: Document) -> str:
    """The owner's own address of a certificate, the same for all its editions."""
    return reverse("participants:certificate_own", args=[document.token, certificate_seal(document.token)])

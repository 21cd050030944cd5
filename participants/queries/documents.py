"""What residents were asked to show, and what the office saw of it."""

from dataclasses import dataclass

from kit.crypto import decrypt_file
from participants.models import EvidenceFile, EvidenceKind, Registration
from programs.models import Demand


@dataclass(frozen=True)
class Document:
    """What a programme asks one resident to show: the photo that is kept, and what became of the one before."""

    kind: EvidenceKind
    demand: str
    photo: EvidenceFile | None = None
    former: EvidenceFile | None = None

    @property
    def is_needed(self) -> bool:
        return self.demand == Demand.REQUIRED

    @property
    def was_seen(self) -> bool:
        """Somebody of the office looked at it, and the entry was verified with it."""
        found = self.photo or self.former
        return found is not None and found.seen_at is not None


def documents_of(registration: Registration) -> list[Document]:
    """In the order of the kinds. Asks the database only where the programme asks the resident."""
    asked = registration.documents_asked(registration.batch.program)
    if not asked:
        return []
    photos = EvidenceFile.objects.filter(registration=registration.pk).select_related("seen_by").defer("key")
    kept: dict[str, EvidenceFile] = {}
    former: dict[str, EvidenceFile] = {}
    for photo in photos.order_by("pk"):
        (former if photo.deleted_at else kept)[photo.kind] = photo
    kinds = [kind for kind in EvidenceKind if kind in asked]
    return [Document(kind, asked[kind], kept.get(kind), former.get(kind)) for kind in kinds]


def unseen_documents(registration: Registration) -> list[Document]:
    """What the programme needs before the check and nobody of the office has looked at."""
    needed = [document for document in documents_of(registration) if document.is_needed]
    return [document for document in needed if document.photo is None or document.photo.seen_at is None]


def read_photo(photo: EvidenceFile) -> bytes:
    """The JPEG itself. Http404 when the disk lost it, UndecryptableError when the bytes are not what was stored."""
    if photo.stored is None or photo.key is None:
        raise ValueError("This photo is gone.")
    return decrypt_file(photo.stored.content(), key=photo.key, context=photo.context)

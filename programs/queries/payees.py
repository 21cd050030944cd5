"""Identity numbers of instructors who are paid (settings.PAYEE_MODULES)."""

from collections.abc import Collection

from kit.identity import mask_last4
from kit.payees import keys_of
from programs.models import Instructor

PREFIX, SUBJECT = "instructor", "programs.instructor"


def identity_numbers(keys: Collection[str], *, whole: bool) -> dict[str, str]:
    rows = Instructor.objects.filter(pk__in=list(keys_of(keys, PREFIX)), nik__isnull=False)
    if whole:
        return {f"{PREFIX}:{row.pk}": row.nik or "" for row in rows.only("nik")}
    return {f"{PREFIX}:{pk}": mask_last4(last4) for pk, last4 in rows.values_list("pk", "nik_last4")}

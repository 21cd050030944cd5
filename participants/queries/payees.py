"""Identity numbers of participants who are paid (settings.PAYEE_MODULES)."""

from collections.abc import Collection

from kit.identity import mask_last4
from kit.payees import keys_of
from participants.models import Person

PREFIX, SUBJECT = "person", "participants.person"


def identity_numbers(keys: Collection[str], *, whole: bool) -> dict[str, str]:
    """Whoever has a temporary number alone has none that the tax system knows."""
    rows = Person.objects.filter(pk__in=list(keys_of(keys, PREFIX)), is_temporary=False, anonymised_at__isnull=True)
    if whole:
        return {f"{PREFIX}:{row.pk}": row.nik for row in rows.only("nik")}
    return {f"{PREFIX}:{pk}": mask_last4(last4) for pk, last4 in rows.values_list("pk", "nik_last4")}

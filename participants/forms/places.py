"""A village by its name, where an area has more villages than a list can hold: a province, or the whole country."""

from regions.models import Region

OFFERED = 8
CITY = 5


def has_list(region_code: str) -> bool:
    """Whether the villages of a batch there are chosen from a list: those of one city."""
    return len(region_code) >= CITY


def villages_named(text: str, *, within: str) -> tuple[Region | None, list[Region]]:
    """The village meant by "Miroto, Kota Semarang"; else those it may be, for the person to choose from.

    What follows a comma is the district or the city.
    """
    name, _comma, around = text.partition(",")
    scope: str | list[str] = within
    if around.strip():
        above = Region.objects.exclude(level=4).search(around, within=within, limit=OFFERED)
        best = min((region.rank for region in above), default=None)
        scope = [region.code for region in above if region.rank == best] or within
    found = list(Region.objects.villages().with_parents().search(name, within=scope, limit=OFFERED))
    exact = [region for region in found if region.rank <= 1]
    return (exact[0], []) if len(exact) == 1 else (None, exact or found)


def placed(region: Region) -> str:
    """Kauman, Pekalongan Timur, Kota Pekalongan."""
    district = region.parent
    city = district.parent if district else None
    return ", ".join(part.full_name if part is city else part.name for part in (region, district, city) if part)

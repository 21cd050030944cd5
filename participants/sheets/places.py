"""Villages by what a cell calls them, without a question to the database for each row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from programs.models import Batch
from regions.models import Region, RegionAlias
from regions.rules import city_of, dotted_code, normalise_name, split_city

OFFERED = 3


@dataclass(frozen=True)
class FoundPlace:
    """The village, or why there is none and which it may be."""

    region: Any = None
    code: str = ""
    suggestions: tuple[str, ...] = ()


class Places:
    """The villages of the cities that the batches lie in; others are looked for one by one, and remembered."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.cities = sorted({city_of(batch.region_id) for batch in batches})
        self.by_code: dict[str, Region] = {}
        self.by_key: dict[str, list[Region]] = defaultdict(list)
        for city in self.cities:
            for village in Region.objects.current().villages().under(city).select_related("parent__parent"):
                self.by_code[village.code] = village
                self.by_key[village.search_key].append(village)
            for alias in RegionAlias.objects.filter(region__code__startswith=city, region__level=4):
                if alias.region_id in self.by_code:
                    self._add(alias.search_key, self.by_code[alias.region_id])
        self._seen: dict[tuple[str, str, str], FoundPlace] = {}

    def _add(self, key: str, village: Region) -> None:
        if village not in self.by_key[key]:
            self.by_key[key].append(village)

    def find(self, name: str, district: str, city: str) -> FoundPlace:
        """By code, else by name; the district or the city beside it decides between two of one name."""
        asked = (name, district, city)
        if asked not in self._seen:
            if len(self._seen) > 20_000:
                self._seen.clear()
            self._seen[asked] = self._find(*asked)
        return self._seen[asked]

    def _find(self, name: str, district: str, city: str) -> FoundPlace:
        if code := dotted_code(name):
            return self._by_code(code)
        name, _comma, around = name.partition(",")
        key, beside = normalise_name(name), [text for text in (around, district, city) if text.strip()]
        here = [village for village in self.by_key.get(key, []) if all(_lies_in(village, text) for text in beside)]
        if len(here) == 1:
            return FoundPlace(here[0])
        if here:
            return FoundPlace(None, "region_several", tuple(_placed(village) for village in here[:OFFERED]))
        return self._elsewhere(name, around or city, key)

    def _by_code(self, code: str) -> FoundPlace:
        village = self.by_code.get(code) or Region.objects.current().villages().filter(code=code).first()
        return FoundPlace(village) if village else FoundPlace(None, "region_unknown")

    def _elsewhere(self, name: str, city: str, key: str) -> FoundPlace:
        """In another city only where the row names one; otherwise it is a slip of the pen."""
        if city.strip():
            _kind, bare = split_city(city)
            found = Region.objects.cities().search(city, limit=1).first() if bare else None
            if found is not None and found.code not in self.cities:
                match = Region.objects.villages().match(name, within=found.code)
                if match.region is not None:
                    return FoundPlace(match.region)
        near = get_close_matches(key, self.by_key, OFFERED, 0.7)
        return FoundPlace(None, "region_unknown", tuple(self.by_key[other][0].name for other in near))


def _lies_in(village: Region, text: str) -> bool:
    """Whether the district or the city above is called so."""
    keys = {normalise_name(text), split_city(text)[1]}
    district = village.parent
    above = [district, district.parent] if district else []
    return any(region is not None and region.search_key in keys for region in above)


def _placed(village: Region) -> str:
    return f"{village.name} ({village.parent.name})" if village.parent else village.name

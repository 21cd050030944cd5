"""Official areas from province to village, what else people call them, and which editions of the list were loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Left
from django.utils.translation import gettext_lazy as _

from regions import rules

# So many regions are ranked of each sort of match.
CANDIDATES = 200
# The longest official name has 44 letters; a search for a page of text is not one for a region.
LONGEST_KEY = 80


class Level(models.IntegerChoices):
    PROVINCE = 1, _("province")
    CITY = 2, _("regency or city")
    DISTRICT = 3, _("district")
    VILLAGE = 4, _("village")


class Kind(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    URBAN_VILLAGE = "urban_village", _("Urban village")
    VILLAGE = "village", _("Village")
    CUSTOMARY_VILLAGE = "customary_village", _("Customary village")


# The word of the official name, the same in every language; names of level 2 carry theirs already.
TITLES = {
    Kind.PROVINCE: "Provinsi",
    Kind.DISTRICT: "Kecamatan",
    Kind.URBAN_VILLAGE: "Kelurahan",
    Kind.VILLAGE: "Desa",
    Kind.CUSTOMARY_VILLAGE: "Desa Adat",
}
LOCAL_TITLES = {(Kind.VILLAGE, "13"): "Nagari"} | {(Kind.DISTRICT, str(number)): "Distrik" for number in range(91, 97)}


@dataclass(frozen=True)
class RegionMatch:
    """What a typed name stands for: one region, or none and what may have been meant."""

    region: "Region | None"
    suggestions: "tuple[Region, ...]" = ()


class RegionQuerySet(models.QuerySet["Region"]):
    def current(self) -> Self:
        return self.filter(valid_to__isnull=True)

    def under(self, code: str) -> Self:
        """The region of `code` and everything inside it; nothing when `code` is no whole code."""
        return self.filter(code__startswith=code) if rules.is_code(code) else self.none()

    def cities(self) -> Self:
        return self.filter(level=Level.CITY)

    def districts(self) -> Self:
        return self.filter(level=Level.DISTRICT)

    def villages(self) -> Self:
        return self.filter(level=Level.VILLAGE)

    def with_parents(self) -> Self:
        """With the regions above, so that `path` costs no query."""
        return self.select_related("parent__parent__parent")

    def search(self, text: str, *, within: str | Sequence[str] = "", limit: int | None = 20) -> Self:
        """Regions called like `text`, best first: the exact name, another name of it, its beginning, a part, likeness.

        Two regions of one name both appear, the larger first. Unknown text finds nothing.
        """
        kind, bare = rules.split_city(text)
        key = rules.normalise_name(text)
        if not 0 < len(key) <= LONGEST_KEY:
            return self.none()
        here = self.current()
        if within:
            codes = [within] if isinstance(within, str) else within
            here = here.filter(
                reduce(or_, (Q(code__startswith=code) for code in codes if rules.is_code(code)), Q(pk__in=[]))
            )
        aliases = RegionAlias.objects.filter(region=OuterRef("pk"))
        found = self.filter(pk__in=_called_like(here, key, kind, bare)).annotate(
            rank=Case(
                When(Q(search_key=key) | _city_called(kind, bare), then=0),
                When(Exists(aliases.filter(search_key=key)), then=1),
                When(search_key__startswith=key, then=2),
                When(Exists(aliases.filter(search_key__startswith=key)), then=3),
                When(search_key__contains=key, then=4),
                default=5,
                output_field=IntegerField(),
            ),
            likeness=Greatest(TrigramSimilarity("search_key", key), Coalesce(_alias_likeness(key), Value(0.0))),
        )
        return found.order_by("rank", F("likeness").desc(), "level", "code")[:limit]

    def match(self, text: str, *, within: str = "") -> RegionMatch:
        """One region for a cell of a spreadsheet or a form: by code, else by name or other name inside `within`.

        A name that two regions bear, or that none bears, is left to the person: then only suggestions come back.
        """
        here = self.current().under(within) if within else self.current()
        if code := rules.dotted_code(text):
            return RegionMatch(here.filter(code=code).first())
        found = list(self.with_parents().search(text, within=within, limit=6))
        best = [region for region in found if region.rank == found[0].rank]
        if len(best) == 1 and best[0].rank <= 1:
            return RegionMatch(best[0])
        return RegionMatch(None, tuple(found[:5]))


def _city_called(kind: str, bare: str) -> Q:
    return Q(search_key=bare, kind=kind) if kind and bare else Q(pk__in=[])


def _called_like(here: RegionQuerySet, key: str, kind: str, bare: str) -> models.QuerySet:
    """Codes of the regions whose own or other name resembles `key`.

    A union, because PostgreSQL reads the whole table when a name matches this *or* that; each part is limited,
    because some names are borne by thousands. Very short text is compared from its beginning only.
    """
    ways = [Q(search_key__startswith=key)]
    if len(key) > 3:
        ways += [Q(search_key__contains=key), Q(search_key__trigram_similar=key)]
    same = here.filter(Q(search_key=key) | _city_called(kind, bare)).order_by("code")
    alike = [here.filter(way).order_by() for way in ways]
    alike[0] = alike[0].order_by("search_key", "code")
    aliased = RegionAlias.objects.filter(reduce(or_, ways), region__in=here).order_by().values("region")
    return same.values("pk")[:CANDIDATES].union(*(found.values("pk")[:CANDIDATES] for found in alike), aliased)


def _alias_likeness(key: str) -> models.Subquery:
    likest = RegionAlias.objects.filter(region=OuterRef("pk")).annotate(likeness=TrigramSimilarity("search_key", key))
    return models.Subquery(likest.order_by("-likeness").values("likeness")[:1])


class Region(models.Model):
    """An area of the official list (Kemendagri). The code tells level, kind and parent; a subtree is a code prefix."""

    code = models.CharField(_("code"), max_length=13, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
        verbose_name=_("part of"),
    )
    search_key = models.CharField(_("search key"), max_length=120, editable=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    decree = models.CharField(_("decree"), max_length=120, blank=True, default="")

    # Set by `search()`: how well the name fits, 0 best, and how alike it is, 1 most.
    rank: int
    likeness: float

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        indexes = [
            models.Index(fields=["parent", "name"], name="region_children"),
            models.Index(fields=["search_key"], name="region_search_start", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["search_key"], name="region_search_like", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="region_code_matches_level",
                condition=Q(level=1, code__regex=r"^[1-9][0-9]$")
                | Q(level=2, code__regex=r"^[1-9][0-9]\.[0-9]{2}$")
                | Q(level=3, code__regex=r"^[1-9][0-9](\.[0-9]{2}){2}$")
                | Q(level=4, code__regex=r"^[1-9][0-9](\.[0-9]{2}){2}\.[123][0-9]{3}$"),
                violation_error_message=_(
                    "The code does not have the form of this level, such as 33.75.01.1006 for a village."
                ),
            ),
            models.CheckConstraint(
                name="region_kind_matches_level",
                condition=Q(level=1, kind="province")
                | Q(level=2, kind__in=["regency", "city"])
                | Q(level=3, kind="district")
                | Q(level=4, kind__in=["urban_village", "village", "customary_village"]),
                violation_error_message=_("This kind of region does not exist at this level."),
            ),
            models.CheckConstraint(
                name="region_parent_is_code_prefix",
                condition=Q(level=1, parent__isnull=True)
                | Q(level=2, parent=Left("code", 2), parent__isnull=False)
                | Q(level=3, parent=Left("code", 5), parent__isnull=False)
                | Q(level=4, parent=Left("code", 8), parent__isnull=False),
                violation_error_message=_("A region belongs to the region whose code begins its own."),
            ),
            models.CheckConstraint(
                name="region_search_key_normalised",
                condition=Q(search_key__regex=r"^[a-z0-9]+$"),
                violation_error_message=_("The search key may hold only small letters and digits."),
            ),
            models.CheckConstraint(
                name="region_name_present",
                condition=~Q(name=""),
                violation_error_message=_("A region needs a name."),
            ),
            models.CheckConstraint(
                name="region_validity_in_order",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The region cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def title(self) -> str:
        """The word before the name: Kelurahan, Desa, Nagari, Kecamatan, Distrik; none where the name holds it."""
        kind = Kind(self.kind)
        return LOCAL_TITLES.get((kind, self.code[:2])) or TITLES.get(kind, "")

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def path(self) -> str:
        """The name with those above it, nearest first. Fetch with `with_parents()`."""
        names, region = [self.full_name], self.parent
        while region is not None:
            names.append(region.full_name)
            region = region.parent
        return ", ".join(names)


class RegionAlias(models.Model):
    """Another name of a region: an old or shorter spelling, or a village that was merged into it."""

    name = models.CharField(_("name"), max_length=120)
    search_key = models.CharField(_("search key"), max_length=120, editable=False)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="aliases", db_index=False, verbose_name=_("region")
    )
    merged = models.BooleanField(_("merged into it"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["name", "region"]
        verbose_name = _("other name of a region")
        verbose_name_plural = _("other names of regions")
        indexes = [
            models.Index(fields=["search_key"], name="region_alias_search_start", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["search_key"], name="region_alias_search_like", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "search_key"],
                name="region_alias_unique",
                violation_error_message=_("This region already has this other name."),
            ),
            models.CheckConstraint(
                name="region_alias_search_key_normalised",
                condition=Q(search_key__regex=r"^[a-z0-9]+$"),
                violation_error_message=_("The other name needs at least one letter or digit."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegionEdition(models.Model):
    """An edition of the official list that was loaded, and what it changed."""

    version = models.CharField(_("version"), max_length=80)
    decree = models.CharField(_("decree"), max_length=120)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)
    loaded_by = models.CharField(_("loaded by"), max_length=150, blank=True, default="")
    added = models.PositiveIntegerField(_("added"))
    changed = models.PositiveIntegerField(_("changed"))
    ended = models.PositiveIntegerField(_("ended"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("edition of the list of regions")
        verbose_name_plural = _("editions of the list of regions")

    def __str__(self) -> str:
        return self.version

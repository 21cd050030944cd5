"""Loading the official list of areas: all at once, again at any time, and never deleting a row."""

import csv
import io

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from regions import queries, rules
from regions.models import Region, RegionAlias, RegionEdition

DECREE = "Kepmendagri 300.2.2-2138/2025"
# Any number will do, as long as nothing else of the portal locks the same one.
LOADING_LOCK = 33_75_01_1006

CREATE_INCOMING = """
    CREATE TEMPORARY TABLE incoming_region (
        code varchar PRIMARY KEY, name varchar, level smallint, kind varchar, parent_id varchar, search_key varchar
    )
"""
KEEP_OLD_NAMES = """
    INSERT INTO regions_regionalias (region_id, name, search_key, merged, note)
    SELECT r.code, r.name, r.search_key, false, %s
      FROM regions_region r JOIN incoming_region i USING (code) WHERE r.search_key <> i.search_key
    ON CONFLICT DO NOTHING
"""
UPDATE_CHANGED = """
    UPDATE regions_region r
       SET name = i.name, kind = i.kind, search_key = i.search_key, decree = %s, valid_to = NULL
      FROM incoming_region i
     WHERE r.code = i.code
       AND (r.name, r.kind, r.search_key, r.valid_to) IS DISTINCT FROM (i.name, i.kind, i.search_key, NULL::date)
"""
INSERT_NEW = """
    INSERT INTO regions_region (code, name, level, kind, parent_id, search_key, decree)
    SELECT i.code, i.name, i.level, i.kind, i.parent_id, i.search_key, %s
      FROM incoming_region i
     WHERE NOT EXISTS (SELECT FROM regions_region r WHERE r.code = i.code)
     ORDER BY i.code
"""
END_VANISHED = """
    UPDATE regions_region r SET valid_to = greatest(%s, r.valid_from)
     WHERE r.valid_to IS NULL AND NOT EXISTS (SELECT FROM incoming_region i WHERE i.code = r.code)
"""


@transaction.atomic
def load_regions(*, by: AbstractBaseUser | None = None) -> RegionEdition | None:
    """Bring the areas to the list that is installed; None when that list is loaded already.

    New areas come in, changed ones are corrected (the old name stays findable), vanished ones get an end.
    Two loaders at once wait for each other. Names that the office added stay as they are.
    """
    version = queries.installed_version()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])
        latest = RegionEdition.objects.first()
        if latest is not None and latest.version == version:
            return None
        _copy_list(cursor)
        cursor.execute(KEEP_OLD_NAMES, [f"Nama sebelum {DECREE}."])
        cursor.execute(UPDATE_CHANGED, [DECREE])
        changed = cursor.rowcount
        cursor.execute(INSERT_NEW, [DECREE])
        added = cursor.rowcount
        cursor.execute(END_VANISHED, [timezone.localdate()])
        ended = cursor.rowcount
        cursor.execute("DROP TABLE incoming_region")  # two loads may share one transaction
        _add_aliases()
        cursor.execute("ANALYZE regions_region, regions_regionalias")
    return RegionEdition.objects.create(
        version=version,
        decree=DECREE,
        loaded_by=by.get_username() if by else "",
        added=added,
        changed=changed,
        ended=ended,
    )


@transaction.atomic
def save_alias(*, alias: RegionAlias, by: AbstractBaseUser | None = None) -> RegionAlias:
    """Keep another name of a region with the key by which it is found."""
    alias.search_key = rules.normalise_name(alias.name)
    alias.full_clean()
    alias.save()
    return alias


def _copy_list(cursor: CursorWrapper) -> None:
    rows = io.StringIO()
    writer = csv.writer(rows)
    for code, name in queries.official_list():
        level, kind, parent = rules.level_of(code), rules.kind_of(code), rules.parent_of(code)
        writer.writerow([code, name, level, kind, parent, rules.search_key(code, name)])
    rows.seek(0)
    cursor.execute(CREATE_INCOMING)
    cursor.copy_expert("COPY incoming_region FROM STDIN WITH (FORMAT csv)", rows)


def _add_aliases() -> None:
    with queries.ALIASES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = set(Region.objects.filter(code__in={row["region"] for row in rows}).values_list("code", flat=True))
    RegionAlias.objects.bulk_create(
        [
            RegionAlias(
                region_id=row["region"],
                name=row["name"],
                search_key=rules.normalise_name(row["name"]),
                merged=row["merged"] == "1",
                note=row["note"],
            )
            for row in rows
            if row["region"] in known
        ],
        ignore_conflicts=True,
    )

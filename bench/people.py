"""A million people in a database of the bench's own: offices, batches, entries, messages and a trail of ten years.

Everything is computed from the row's number, so that two runs measure the same rows. Names are skewed as real ones are:
one name in twelve begins with Siti, some are borne by three people in a million.
"""

import hashlib
import re
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import Agency, User
from kit.crypto import encrypt
from regions.actions import load_regions

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 1_000_000
# One batch far larger than an office ever runs: the worst that a list of entries meets.
CROWD = 20_000
RARE = "Xaverius Yudhoyaksa"
COMMON = "Siti"
WOMEN = (
    "Siti Siti Siti Siti Siti Siti Siti Siti Sri Sri Sri Sri Nur Nur Nur Dewi Dewi Rina Wahyu Ani Endang Yuni Fitri "
    "Ratna Lestari Indah Kartika Maya Putri Ayu Eka Dwi Tri Rini Nanik Umi Khotimah Laila Zulaikha Aminah Maryam Hana "
    "Wulan Sari Murni Tuti Yanti Lilis Retno"
)
MEN = (
    "Muhammad Muhammad Muhammad Muhammad Muhammad Ahmad Ahmad Ahmad Abdul Abdul Budi Agus Agus Slamet Slamet Bambang "
    "Joko Eko Dedi Hendra Rudi Andi Arif Fajar Galih Imam Khoirul Luthfi Nanang Oki Prasetyo Rizki Sugeng Teguh Untung "
    "Wawan Yusuf Zaenal Hasan Iwan Tono Darto Kasman Parjo Sukri"
)
LAST = (
    "Aminah Rahmawati Lestari Handayani Wahyuni Susanti Kurniawan Setiawan Santoso Wibowo Saputra Hidayat Nugroho "
    "Prasetyo Utami Maulana Fauzi Hakim Anwar Ismail Suryani Astuti Puspita Hartono Gunawan Wijaya Permana Ramadhan "
    "Pratama Safitri Mulyani Sulastri Rohmah Jannah Fatimah Azizah Kusuma Purnomo Subagyo Riyadi"
)
SYLLABLES = "ka ri ma su ta wi no ra di ya la pu se ni ba go ja ke lu mo"
# Big offices and small ones: how many of a hundred batches each has.
OFFICES = {
    "jawa-tengah": ("33", 60),
    "pekalongan": ("33.75", 15),
    "semarang": ("33.74", 15),
    "kendari": ("74.71", 7),
    "padang": ("13.71", 3),
}

SETUP = """
CREATE FUNCTION pick(i bigint, seed int, n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT (((hashint8extended(i, seed) % n) + n) % n)::int';
CREATE FUNCTION picked(i bigint, seed int, options text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT options[1 + (((hashint8extended(i, seed) % cardinality(options)) + cardinality(options))
        % cardinality(options))::int]';
"""

PROGRAMS = """
WITH fund AS (
    INSERT INTO budgets_fundsource (agency_id, code, name, fiscal_year, legal_basis)
    SELECT %(agency)s, 'dbhcht', 'DBHCHT', 2016 + y, '' FROM generate_series(1, 10) y RETURNING id, fiscal_year
)
INSERT INTO programs_program (agency_id, fund_source_id, slug, name, name_en, summary, summary_en, state,
    selection_method, duplicate_rule, village_officer_verifies, offer_hours)
SELECT %(agency)s, id, %(slug)s || '-' || fiscal_year, 'Pelatihan kerja ' || fiscal_year, '', 'Pelatihan.', '',
    CASE WHEN fiscal_year = 2026 THEN 'open' ELSE 'finished' END, 'first_come', 'per_year', false, 24 FROM fund
"""
# Ten years; in the last one some run, some are open for registration, some are planned.
BATCHES = """
WITH offices AS MATERIALIZED (
    SELECT a.id AS agency, share.low, share.high, array_agg(v.code ORDER BY v.code) AS villages
    FROM accounts_agency a JOIN (VALUES {shares}) AS share (slug, low, high) ON share.slug = a.slug
    JOIN regions_region v ON v.level = 4 AND v.code LIKE a.region_id || '.%%'
    GROUP BY a.id, share.low, share.high
)
INSERT INTO programs_batch (id, program_id, region_id, slug, name, state, registration_opens_at, registration_closes_at,
    quota, waiting_quota, seats_held, seats_offered, waiting_count, last_queue_number, cancel_reason)
SELECT b, p.id, v.code, 'angkatan-' || b, 'Angkatan ' || b,
    CASE WHEN begins > now() + interval '60 days' THEN 'planned' ELSE 'published' END,
    begins - interval '45 days', begins - interval '5 days', 10000, 10000, 0, 0, 0, 0, ''
FROM (
    SELECT b, now() - interval '3560 days' + interval '3650 days' * b / %(batches)s AS begins, offices.*
    FROM generate_series(1, %(batches)s) b
    JOIN offices ON pick(b, 1, 100) >= low AND pick(b, 1, 100) < high
) made
CROSS JOIN LATERAL (SELECT villages[1 + pick(b, 2, least(cardinality(villages), 400))] AS code) v
JOIN budgets_fundsource f ON f.agency_id = made.agency
    AND f.fiscal_year = greatest(2017, least(2026, 2027 + ((b - %(batches)s) * 10 / %(batches)s)))
JOIN programs_program p ON p.fund_source_id = f.id
"""
SESSIONS = """
INSERT INTO programs_session (batch_id, during, kind, lesson_hours, cancelled)
SELECT b.id, tstzrange(b.registration_closes_at + interval '5 days' + d * interval '1 day',
    b.registration_closes_at + interval '5 days' + d * interval '1 day' + interval '8 hours'), 'training', 8, false
FROM programs_batch b, generate_series(0, 1) d
"""
DATES = """
UPDATE programs_batch b SET starts_at = s.begins, ends_at = s.ends
FROM (SELECT batch_id, min(lower(during)) begins, max(upper(during)) ends FROM programs_session GROUP BY batch_id) s
WHERE s.batch_id = b.id
"""
PERSONS = """
INSERT INTO participants_person (id, nik, nik_hash, nik_last4, full_name, name_key, birth_date, sex, phone, email,
    region_id, address, rt, rw, education_level, occupation, agency_id, created_at)
SELECT i, %(nik)s, encode(sha256(i::text::bytea), 'hex'), lpad(pick(i, 3, 10000)::text, 4, '0'), name, upper(name),
    date '1960-01-01' + pick(i, 4, 16000), sex, '+6281' || lpad((i * 7)::text, 9, '0'), '', region_id,
    'Jalan Contoh ' || i %% 200, '001', '002', 'sma', 'Penjahit', agency_id, begins
FROM (
    SELECT i, sex, b.region_id, p.agency_id, b.registration_opens_at AS begins,
        CASE WHEN i %% 333333 = 1 THEN %(rare)s ELSE
            CASE sex WHEN 'female' THEN picked(i, 5, %(women)s) ELSE picked(i, 5, %(men)s) END || ' ' ||
            CASE WHEN pick(i, 6, 3) = 0 THEN initcap(picked(i, 7, %(syllables)s) || picked(i, 8, %(syllables)s) ||
                picked(i, 9, %(syllables)s)) || ' ' ELSE '' END || picked(i, 10, %(last)s) END AS name
    FROM (SELECT i, CASE WHEN pick(i, 11, 5) < 3 THEN 'female' ELSE 'male' END AS sex,
        CASE WHEN i <= %(crowd)s THEN %(batches)s - 60
            ELSE 1 + (i - %(crowd)s) * (%(batches)s - 200) / (%(people)s - %(crowd)s) END AS batch
        FROM generate_series(1::bigint, %(people)s) i) chosen
    JOIN programs_batch b ON b.id = chosen.batch JOIN programs_program p ON p.id = b.program_id
) made
"""
ENTRIES = """
INSERT INTO participants_registration (id, nik, nik_hash, nik_last4, full_name, name_key, birth_date, sex, phone, email,
    region_id, address, rt, rw, education_level, occupation, batch_id, person_id, code, submission_key, pin_hash,
    pin_failures, language, target_group, has_domicile_letter, source, registered_by_id, created_at, seat, queue_number,
    duplicate_key, eligibility, flags, check_state, checked_at, checked_by_id, check_note, reject_reason,
    withdraw_reason)
SELECT i, nik, nik_hash, nik_last4, full_name, name_key, birth_date, sex, phone, email, region_id, address, rt, rw,
    education_level, occupation, batch, person,
    translate(lpad(upper(to_hex(i * 7919 %% 4294967291)), 8, '2'), '01', 'XY'),
    md5(i::text)::uuid, repeat('0', 64), 0, 'id', '', false, 'online', NULL, created_at,
    CASE WHEN state = 'rejected' THEN 'none' WHEN pick(i, 12, 20) = 0 THEN 'released' WHEN place > 10000 OR
        (place > 36 AND NOT crowd) THEN 'waiting' ELSE 'held' END,
    place, '', '[]', CASE WHEN pick(i, 13, 25) = 0 THEN '{nik_region}'::varchar[] ELSE '{}' END, state,
    CASE WHEN state IN ('verified', 'rejected') THEN created_at END,
    CASE WHEN state IN ('verified', 'rejected') THEN %(officer)s END, '',
    CASE WHEN state = 'rejected' THEN 'not_eligible' ELSE '' END, ''
FROM (
    SELECT q.id AS i, q.*, CASE WHEN pick(q.id, 14, 300) = 0 AND recent THEN NULL ELSE q.id END AS person,
        row_number() OVER (PARTITION BY batch ORDER BY q.id) AS place,
        CASE WHEN pick(q.id, 14, 300) = 0 AND recent THEN 'pending' WHEN pick(q.id, 15, 14) = 0 THEN 'rejected'
            WHEN recent AND pick(q.id, 15, 14) < 8 THEN 'pending'
            WHEN recent AND pick(q.id, 15, 14) = 9 THEN 'needs_fix' ELSE 'verified' END AS state
    FROM (
        SELECT p.*, p.id <= %(crowd)s AS crowd, p.id <= %(crowd)s OR p.id > %(people)s - 15000 AS recent,
            CASE WHEN p.id <= %(crowd)s THEN %(batches)s - 60
                ELSE 1 + (p.id - %(crowd)s) * (%(batches)s - 200) / (%(people)s - %(crowd)s) END AS batch
        FROM participants_person p
    ) q
) made
"""
COUNTERS = """
UPDATE programs_batch b SET seats_held = r.held, waiting_count = r.waiting, last_queue_number = r.last,
    quota = greatest(40, r.held), waiting_quota = greatest(10, r.waiting)
FROM (SELECT batch_id, count(*) FILTER (WHERE seat = 'held') held, count(*) FILTER (WHERE seat = 'waiting') waiting,
    max(queue_number) last FROM participants_registration GROUP BY batch_id) r WHERE r.batch_id = b.id
"""
EMPTY_BATCHES = "UPDATE programs_batch SET quota = 40, waiting_quota = 10 WHERE last_queue_number = 0"
MESSAGES = """
INSERT INTO notifications_message (id, agency_id, region_id, kind, key, "group", language, channel, recipient_name,
    recipient_address, subject, body, secret, state, attempts, not_before, sent_at, failure, message_id, created_at,
    subject_type, subject_id)
SELECT r.id, p.agency_id, b.region_id, 'registration_received', 'received:' || r.id, 'batch:' || b.id, 'id',
    CASE WHEN r.id %% 3 = 0 THEN 'manual' ELSE 'email' END, r.full_name,
    CASE WHEN r.id %% 3 = 0 THEN r.phone ELSE 'warga' || r.id || '@contoh.id' END, 'Pendaftaran diterima',
    'Terima kasih.', false, s.state, 1, r.created_at, CASE WHEN s.state = 'sent' THEN r.created_at END,
    CASE WHEN s.state = 'failed' THEN 'mailbox full' ELSE '' END, '<' || r.id || '@bench>', r.created_at,
    'participants.registration', r.id::text
FROM participants_registration r JOIN programs_batch b ON b.id = r.batch_id JOIN programs_program p
    ON p.id = b.program_id
CROSS JOIN LATERAL (SELECT CASE WHEN pick(r.id, 20, 500) = 0 THEN 'failed' WHEN r.id %% 3 = 0
    AND r.id > %(people)s - 3000 THEN 'queued' ELSE 'sent' END AS state) s
"""
TRAIL = """
INSERT INTO accounts_auditentry (id, at, actor_id, actor_label, role, agency_id, action, object_type, object_id,
    subject_type, subject_id, purpose, changes, request_id)
SELECT r.id, r.created_at, CASE WHEN r.id %% 4 = 0 THEN %(officer)s END,
    CASE WHEN r.id %% 4 = 0 THEN 'Petugas ' || r.id %% 40 ELSE 'resident' END, '', p.agency_id,
    CASE WHEN r.id %% 5000 = 0 THEN 'registration.identity_revealed' WHEN r.id %% 4 = 0 THEN 'registration.verified'
        ELSE 'registration.created' END,
    'participants.registration', r.id::text, 'participants.person', r.id::text, '', '{"seat": "held"}', ''
FROM participants_registration r JOIN programs_batch b ON b.id = r.batch_id JOIN programs_program p
    ON p.id = b.program_id
"""
SEQUENCE = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
LARGE = ["participants_person", "participants_registration", "notifications_message", "accounts_auditentry"]
# The ways in which a table is found are built after the rows: several times faster than row by row.
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x')
"""


def use_million(database_url: str, people: int = PEOPLE) -> float:
    """Connects Django to the million, building it where the last run left none. Answers the seconds it took."""
    name, began = f"million_{_digest(people)}", time.perf_counter()
    with closing(psycopg2.connect(database_url)) as server:
        server.autocommit = True
        cursor = server.cursor()
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^(million|building)_'")
        found = {row[0] for row in cursor.fetchall()}
        for old in found - {name}:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        connection.close()
        if name in found:
            _connect(name)
            return 0.0
        draft = f"building_{urlsplit(database_url).path.strip('/')}"
        cursor.execute(f'CREATE DATABASE "{draft}"')
        _connect(draft)
        build(people)
        connection.close()
        cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    _connect(name)
    return time.perf_counter() - began


def _connect(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _digest(people: int) -> str:
    files = [Path(__file__), *sorted(ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files) + str(people).encode()).hexdigest()[:12]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def build(people: int) -> None:
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    load_regions()
    with connection.cursor() as cursor:
        for line in (
            "synchronous_commit = off",
            "session_replication_role = replica",
            "jit = off",
            "maintenance_work_mem = '512MB'",
            "work_mem = '256MB'",
            "max_parallel_maintenance_workers = 2",
        ):
            cursor.execute(f"SET {line}")
        cursor.execute(SETUP)
        values = _offices(cursor) | _values(people)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(INDEXES, [LARGE])
        indexes = cursor.fetchall()
        cursor.execute(KEYS, [LARGE])
        keys = cursor.fetchall()
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        steps = [
            BATCHES.format(shares=_shares()),
            SESSIONS,
            DATES,
            PERSONS,
            ENTRIES,
            COUNTERS,
            EMPTY_BATCHES,
            MESSAGES,
            TRAIL,
        ]
        for step in steps:
            cursor.execute(_completed(step), values)
            _say(f"{time.perf_counter() - began:5.0f} s  {step.strip().splitlines()[0][:60]}")
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for table in (*LARGE, "programs_batch"):
            cursor.execute(SEQUENCE.format(table=table))
        _say(f"{time.perf_counter() - began:5.0f} s  indexes")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    _say(f"{time.perf_counter() - began:5.0f} s  done")


def _completed(step: str) -> str:
    """The statement with the defaults of the columns that it leaves out: a new column needs no change here."""
    found = re.search(r"INSERT INTO (\w+) \(([^)]+)\)(.*?)\nSELECT ", step, re.DOTALL)
    if found is None:
        return step
    model = next(model for model in apps.get_models() if model._meta.db_table == found[1])
    given = {name.strip(' \n"') for name in found[2].split(",")}
    missing = [field for field in model._meta.concrete_fields if field.column not in given and not field.primary_key]
    with connection.cursor() as cursor:
        values = [field.get_db_prep_save(field.get_default(), connection) for field in missing]
        texts = [cursor.cursor.mogrify("%s", [value]).decode().replace("%", "%%") for value in values]
    names = "".join(f'"{field.column}", ' for field in missing)
    head = f"INSERT INTO {found[1]} ({names}{found[2]}){found[3]}\nSELECT " + "".join(f"{text}, " for text in texts)
    return step[: found.start()] + head + step[found.end() :]


def _offices(cursor: Any) -> dict[str, Any]:
    for slug, (region, _share) in OFFICES.items():
        office = Agency.objects.create(slug=slug, name=f"Dinas Perindustrian {slug}", short_name=slug, region_id=region)
        cursor.execute(PROGRAMS, {"agency": office.pk, "slug": slug})
    return {"officer": User.objects.create_user("pembangun").pk}


def _values(people: int) -> dict[str, Any]:
    return {
        "people": people,
        "batches": people // 40,
        "crowd": CROWD,
        "rare": RARE,
        "women": WOMEN.split(),
        "men": MEN.split(),
        "last": LAST.split(),
        "syllables": SYLLABLES.split(),
        "nik": encrypt("9971015207990001", context="participants_registration.nik"),
    }


def _shares() -> str:
    rows, low = [], 0
    for slug, (_region, share) in OFFICES.items():
        rows.append(f"('{slug}', {low}, {low + share})")
        low += share
    return ", ".join(rows)

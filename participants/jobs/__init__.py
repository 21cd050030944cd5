"""Long work on participants, as the kinds of jobs that settings name: doors like tasks, run by a worker."""

from participants.jobs.certificates import issue_certificates, print_certificates
from participants.jobs.completions import recompute_program
from participants.jobs.persons import find_persons
from participants.jobs.registrations import (
    apply_import,
    check_import,
    export_mistakes,
    export_registrations,
    freeze_selection,
    import_limits,
)
from participants.jobs.retention import carry_out_retention

__all__ = [
    "apply_import",
    "carry_out_retention",
    "check_import",
    "export_mistakes",
    "export_registrations",
    "find_persons",
    "freeze_selection",
    "import_limits",
    "issue_certificates",
    "print_certificates",
    "recompute_program",
]

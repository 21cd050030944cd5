"""Who may do what. Read the table aloud: it is the whole truth about access."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("System administrator")
    PROGRAM_OFFICER = "program_officer", _("Programme officer")
    VILLAGE_OFFICER = "village_officer", _("Village officer")
    VERIFIER = "verifier", _("Verifier")
    ACTIVITY_OFFICER = "activity_officer", _("Activity officer (PPTK)")
    BUDGET_AUTHORITY = "budget_authority", _("Budget authority (KPA)")
    TREASURER = "treasurer", _("Treasurer")
    DIVISION_HEAD = "division_head", _("Head of division")
    AGENCY_HEAD = "agency_head", _("Head of agency")
    INSTRUCTOR = "instructor", _("Instructor")
    JUROR = "juror", _("Juror")
    MENTOR = "mentor", _("Mentor")
    PLANNING_VIEWER = "planning_viewer", _("Planning office (read only)")
    AUDITOR = "auditor", _("Inspectorate (read and trail)")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")


class Permission(TextChoices):
    VIEW_BATCHES = "view_batches", _("see programmes and batches")
    MANAGE_BATCHES = "manage_batches", _("create, change and cancel batches")
    REGISTER_ASSISTED = "register_assisted", _("register residents who come in person")
    VIEW_REGISTRATIONS = "view_registrations", _("see registrations")
    VERIFY_REGISTRATIONS = "verify_registrations", _("verify and reject registrations")
    MOVE_REGISTRATIONS = "move_registrations", _("move registrations to another batch")
    EXPORT_REGISTRATIONS = "export_registrations", _("export registrations")
    REVEAL_IDENTITY = "reveal_identity", _("see full identity numbers")
    VIEW_MESSAGES = "view_messages", _("see messages")
    SEND_MESSAGES = "send_messages", _("send messages")
    MANAGE_TEXTS = "manage_texts", _("change the texts of messages")
    MANAGE_COMPLAINTS = "manage_complaints", _("answer complaints")
    MANAGE_CONDUCT_COMPLAINTS = "manage_conduct_complaints", _("answer complaints about officers and money")
    MANAGE_PRIVACY_COMPLAINTS = "manage_privacy_complaints", _("answer complaints about personal data")
    VIEW_BUDGETS = "view_budgets", _("see funds, budget lines and payments")
    MANAGE_BUDGETS = "manage_budgets", _("keep funds, budget lines and their ceilings")
    PROPOSE_PAYMENTS = "propose_payments", _("reserve money and propose payments")
    APPROVE_PAYMENTS = "approve_payments", _("approve payments")
    RECORD_PAYMENTS = "record_payments", _("record payments as made, failed or returned")
    VIEW_TOPIC_REQUESTS = "view_topic_requests", _("see who wants which topic")
    ENTER_TOPIC_REQUESTS = "enter_topic_requests", _("enter the outcome of a meeting about topics")
    DECIDE_TOPIC_REQUESTS = "decide_topic_requests", _("group and decide topic requests")
    MANAGE_RESOURCES = "manage_resources", _("keep instructors, partners, venues and rates")
    RUN_SELECTION = "run_selection", _("select participants and freeze the result")
    IMPORT_REGISTRATIONS = "import_registrations", _("bring in registrations from a spreadsheet")
    TAKE_ATTENDANCE = "take_attendance", _("mark who is there")
    SETTLE_ATTENDANCE = "settle_attendance", _("settle attendance against the signed sheet")
    MERGE_PERSONS = "merge_persons", _("find people who are on file twice and propose to merge them")
    APPROVE_MERGES = "approve_merges", _("approve and undo merges of people")
    KEEP_JOB_CARDS = "keep_job_cards", _("keep job seeker cards (AK1)")
    MANAGE_DATA_REQUESTS = "manage_data_requests", _("answer what people ask about their data")
    VIEW_PRIVACY = "view_privacy", _("see retention, incidents and the register of processing")
    MANAGE_PRIVACY = "manage_privacy", _("keep consent texts, retention rules and incidents; erase people's data")
    VIEW_COMPETITIONS = "view_competitions", _("see competitions, entries and jurors")
    MANAGE_COMPETITIONS = "manage_competitions", _("declare and run competitions")
    CHECK_PITCHES = "check_pitches", _("check entries of competitions")
    REOPEN_FILES = "reopen_files", _("open the closed file of a competition again")
    VIEW_SCORES = "view_scores", _("see the scores of a jury after they are locked")
    VIEW_DOCUMENTS = "view_documents", _("see official papers")
    ISSUE_DOCUMENTS = "issue_documents", _("make, number and revoke official papers")
    SIGN_DOCUMENTS = "sign_documents", _("sign official papers")
    MANAGE_TEMPLATES = "manage_templates", _("change the texts, signatories and numbering of papers")
    EDIT_LAYOUTS = "edit_layouts", _("change the layout of papers")
    VIEW_AUDIT = "view_audit", _("read the audit trail")
    MANAGE_USERS = "manage_users", _("manage users and roles")


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_USERS,
            Permission.MANAGE_TEXTS,
            Permission.MANAGE_TEMPLATES,
            Permission.EDIT_LAYOUTS,
        }
    ),
    Role.PROGRAM_OFFICER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.MANAGE_BATCHES,
            Permission.REGISTER_ASSISTED,
            Permission.VIEW_REGISTRATIONS,
            Permission.VERIFY_REGISTRATIONS,
            Permission.MOVE_REGISTRATIONS,
            Permission.EXPORT_REGISTRATIONS,
            Permission.REVEAL_IDENTITY,
            Permission.VIEW_MESSAGES,
            Permission.SEND_MESSAGES,
            Permission.MANAGE_TEXTS,
            Permission.MANAGE_COMPLAINTS,
            Permission.VIEW_BUDGETS,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.ENTER_TOPIC_REQUESTS,
            Permission.DECIDE_TOPIC_REQUESTS,
            Permission.MANAGE_RESOURCES,
            Permission.RUN_SELECTION,
            Permission.VIEW_DOCUMENTS,
            Permission.ISSUE_DOCUMENTS,
            Permission.MANAGE_TEMPLATES,
            Permission.IMPORT_REGISTRATIONS,
            Permission.TAKE_ATTENDANCE,
            Permission.SETTLE_ATTENDANCE,
            Permission.MERGE_PERSONS,
            Permission.APPROVE_MERGES,
            Permission.KEEP_JOB_CARDS,
            Permission.MANAGE_DATA_REQUESTS,
            Permission.VIEW_COMPETITIONS,
            Permission.MANAGE_COMPETITIONS,
            Permission.CHECK_PITCHES,
            Permission.VIEW_SCORES,
        }
    ),
    # Whether a village officer also verifies is a setting of each programme: see participants.permissions.
    Role.VILLAGE_OFFICER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.REGISTER_ASSISTED,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.ENTER_TOPIC_REQUESTS,
            Permission.TAKE_ATTENDANCE,
            Permission.KEEP_JOB_CARDS,
        }
    ),
    Role.VERIFIER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.VERIFY_REGISTRATIONS,
            Permission.REVEAL_IDENTITY,
            Permission.TAKE_ATTENDANCE,
            Permission.MERGE_PERSONS,
            Permission.VIEW_COMPETITIONS,
            Permission.CHECK_PITCHES,
        }
    ),
    Role.ACTIVITY_OFFICER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.EXPORT_REGISTRATIONS,
            Permission.VIEW_BUDGETS,
            Permission.MANAGE_BUDGETS,
            Permission.PROPOSE_PAYMENTS,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.MANAGE_RESOURCES,
            Permission.VIEW_DOCUMENTS,
            Permission.ISSUE_DOCUMENTS,
            Permission.SIGN_DOCUMENTS,
            Permission.TAKE_ATTENDANCE,
            Permission.SETTLE_ATTENDANCE,
            Permission.VIEW_COMPETITIONS,
            Permission.MANAGE_COMPETITIONS,
            Permission.VIEW_SCORES,
        }
    ),
    Role.BUDGET_AUTHORITY: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_BUDGETS,
            Permission.APPROVE_PAYMENTS,
            Permission.VIEW_DOCUMENTS,
            Permission.SIGN_DOCUMENTS,
            Permission.VIEW_COMPETITIONS,
            Permission.VIEW_SCORES,
        }
    ),
    Role.TREASURER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_BUDGETS,
            Permission.RECORD_PAYMENTS,
            Permission.VIEW_DOCUMENTS,
            Permission.VIEW_COMPETITIONS,
        }
    ),
    # What is said about officers and about money goes to the heads alone, past the colleagues of whom it is about.
    Role.DIVISION_HEAD: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.MANAGE_TEXTS,
            Permission.MANAGE_COMPLAINTS,
            Permission.MANAGE_CONDUCT_COMPLAINTS,
            Permission.VIEW_BUDGETS,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.DECIDE_TOPIC_REQUESTS,
            Permission.VIEW_DOCUMENTS,
            Permission.SIGN_DOCUMENTS,
            Permission.MANAGE_TEMPLATES,
            Permission.APPROVE_MERGES,
            Permission.VIEW_COMPETITIONS,
            Permission.VIEW_SCORES,
        }
    ),
    Role.AGENCY_HEAD: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.MANAGE_COMPLAINTS,
            Permission.MANAGE_CONDUCT_COMPLAINTS,
            Permission.VIEW_BUDGETS,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.VIEW_DOCUMENTS,
            Permission.SIGN_DOCUMENTS,
            Permission.VIEW_PRIVACY,
            Permission.VIEW_COMPETITIONS,
            Permission.REOPEN_FILES,
            Permission.VIEW_SCORES,
        }
    ),
    Role.INSTRUCTOR: frozenset(),
    Role.JUROR: frozenset(),
    Role.MENTOR: frozenset(),
    Role.PLANNING_VIEWER: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_BUDGETS,
            Permission.VIEW_TOPIC_REQUESTS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.VIEW_BATCHES,
            Permission.VIEW_REGISTRATIONS,
            Permission.VIEW_AUDIT,
            Permission.VIEW_BUDGETS,
            Permission.VIEW_TOPIC_REQUESTS,
            Permission.VIEW_DOCUMENTS,
            Permission.VIEW_PRIVACY,
            Permission.VIEW_COMPETITIONS,
            Permission.VIEW_SCORES,
        }
    ),
    Role.DATA_PROTECTION_OFFICER: frozenset(
        {
            Permission.VIEW_REGISTRATIONS,
            Permission.VIEW_AUDIT,
            Permission.REVEAL_IDENTITY,
            Permission.MANAGE_PRIVACY_COMPLAINTS,
            Permission.MANAGE_DATA_REQUESTS,
            Permission.VIEW_PRIVACY,
            Permission.MANAGE_PRIVACY,
        }
    ),
}

# These show names, addresses or numbers of residents; no administrator holds one of them.
PERSONAL_DATA: frozenset[Permission] = frozenset(
    {
        Permission.REGISTER_ASSISTED,
        Permission.VIEW_REGISTRATIONS,
        Permission.VERIFY_REGISTRATIONS,
        Permission.MOVE_REGISTRATIONS,
        Permission.EXPORT_REGISTRATIONS,
        Permission.REVEAL_IDENTITY,
        Permission.VIEW_MESSAGES,
        Permission.SEND_MESSAGES,
        Permission.MANAGE_COMPLAINTS,
        Permission.MANAGE_CONDUCT_COMPLAINTS,
        Permission.MANAGE_PRIVACY_COMPLAINTS,
        Permission.VIEW_BUDGETS,
        Permission.PROPOSE_PAYMENTS,
        Permission.APPROVE_PAYMENTS,
        Permission.RECORD_PAYMENTS,
        Permission.MANAGE_RESOURCES,
        Permission.RUN_SELECTION,
        Permission.VIEW_DOCUMENTS,
        Permission.ISSUE_DOCUMENTS,
        Permission.SIGN_DOCUMENTS,
        Permission.IMPORT_REGISTRATIONS,
        Permission.TAKE_ATTENDANCE,
        Permission.SETTLE_ATTENDANCE,
        Permission.MERGE_PERSONS,
        Permission.APPROVE_MERGES,
        Permission.KEEP_JOB_CARDS,
        Permission.MANAGE_DATA_REQUESTS,
        Permission.MANAGE_PRIVACY,
        Permission.VIEW_COMPETITIONS,
        Permission.MANAGE_COMPETITIONS,
        Permission.CHECK_PITCHES,
        Permission.REOPEN_FILES,
        Permission.VIEW_SCORES,
    }
)

# Whoever holds one of these signs in with a second step: they reach people's data, accounts or the trail.
SECOND_STEP: frozenset[Permission] = PERSONAL_DATA | {
    Permission.MANAGE_USERS,
    Permission.VIEW_AUDIT,
    Permission.VIEW_PRIVACY,
}

"""What staff calls each kind of message; its text is templates/notifications/<kind>.txt."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGE_KINDS: dict[str, Promise | str] = {
    "registration_received": _("Confirmation of registration"),
    "registration_fix_requested": _("Correction requested"),
    "registration_corrected": _("Registration corrected"),
    "registration_verified": _("Registration verified"),
    "registration_rejected": _("Registration rejected"),
    "decision_undone": _("Decision taken back"),
    "registration_moved": _("Moved to another training"),
    "registration_cancelled": _("Registration cancelled"),
    "registration_replaced": _("Seat passed on, for not coming"),
    "selection_decided": _("Result of the selection"),
    "seat_offered": _("Seat offered"),
    "offer_accepted": _("Offer accepted"),
    "offer_expired": _("Offer expired"),
    "batch_rescheduled": _("Training rescheduled"),
    "batch_cancelled": _("Training cancelled"),
    "teaching_invited": _("Invitation to teach"),
    "teaching_changed": _("Change of teaching"),
    "broadcast": _("Message to the batch"),
    "job_card_report_due": _("Report of the job seeker card due"),
    "job_card_expiring": _("Job seeker card runs out"),
    "identity_used": _("Identity number used again"),
    "persons_merged": _("Data on file twice was joined"),
    "persons_parted": _("Joining of data taken back"),
    "recovery_code": _("One-time code"),
    "complaint_received": _("Complaint received"),
    "complaint_answered": _("Complaint answered"),
    "account_text_sample": _("Sample of a text"),
    "account_password_reset": _("New password for staff"),
    "account_password_changed": _("Password of staff changed"),
    "account_invited": _("Invitation of staff"),
    "account_second_factor_changed": _("Second step of staff changed"),
    "account_email_changed": _("E-mail address of staff changed"),
}

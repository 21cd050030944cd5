"""A file that is closed refuses in words what PostgreSQL would refuse without."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from incentives.models import Competition


def check_file_open(row: Competition) -> None:
    if row.finished_at is not None:
        raise ValidationError(_("The file of this competition is closed."), code="file_closed")

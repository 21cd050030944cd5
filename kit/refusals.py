"""What PostgreSQL refuses, said in the words of the constraint."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_noop

# Django's own sentence, which the translation says in the words of our forms.
gettext_noop("This field is required.")


FOREIGN_KEY_VIOLATION = "23503"


def is_orphan(error: Exception) -> bool:
    """Whether the row that this one points to was gone at the commit."""
    return getattr(error.__cause__, "pgcode", None) == FOREIGN_KEY_VIOLATION


@contextmanager
def spoken_refusals(*refusing: type[models.Model], savepoint: bool = True) -> Iterator[None]:
    """Runs the block in a savepoint; a violated constraint of these models becomes a `ValidationError`.

    Its code is the constraint's name, its message the constraint's `violation_error_message`. Without a savepoint
    the caller's transaction is lost after a refusal: for whom the refusal is the end of it anyway.
    """
    try:
        with transaction.atomic() if savepoint else nullcontext():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for model in refusing:
            for constraint in model._meta.constraints:
                if constraint.name == name:
                    raise ValidationError(constraint.violation_error_message or name, code=name) from error
        raise

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from documents.signing.checks import check_signing


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_signing)

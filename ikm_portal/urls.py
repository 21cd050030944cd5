"""The roof's routes: every app mounts its own full paths (Indonesian, because people read them)."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from ikm_portal import health, inspection, metrics, privacy, views

handler400 = "ikm_portal.views.bad_request"
handler500 = "ikm_portal.interruptions.server_error"
urlpatterns = [
    path("", views.home, name="home"),
    path("kerja/", views.workspace, name="workspace"),
    path("kerja/jejak/segel/", inspection.audit_state, name="audit_state"),
    path("kerja/jejak/segel/periksa/", inspection.audit_verify, name="audit_verify"),
    path("kerja/jejak/unduh/", inspection.audit_export, name="audit_export"),
    path("kerja/jejak/orang/<int:pk>/", inspection.audit_person, name="audit_person"),
    path("kerja/keadaan/", health.system_state, name="system_state"),
    path("privasi/", privacy.privacy, name="privacy"),
    path("privasi/<slug:slug>/", privacy.privacy_of, name="privacy_of"),
    path("gaya/", views.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("jobs.urls")),
    path("", include("documents.urls")),
    path("", include("budgets.urls")),
    path("", include("programs.urls")),
    path("", include("participants.urls")),
    path("", include("incentives.urls")),
    path("", include("reports.urls")),
]

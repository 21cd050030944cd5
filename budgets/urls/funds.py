from django.urls import URLPattern, path

from budgets.views import ceilings, funds, sheets

urlpatterns: list[URLPattern] = [
    path("kerja/dana/", funds.fund_list, name="fund_list"),
    path("kerja/dana/baru/", funds.fund_create, name="fund_create"),
    path("kerja/dana/<int:pk>/", funds.fund_detail, name="fund_detail"),
    path("kerja/dana/<int:pk>/ubah/", funds.fund_edit, name="fund_edit"),
    path("kerja/dana/<int:pk>/tutup/", funds.fund_close, name="fund_close"),
    path("kerja/dana/<int:pk>/rekening/", funds.line_create, name="line_create"),
    path("kerja/dana/<int:pk>/pagu/", ceilings.fund_ceilings, name="fund_ceilings"),
    path("kerja/dana/<int:pk>/ketentuan/", ceilings.fund_rules, name="fund_rules"),
    path("kerja/dana/<int:pk>/geser/", ceilings.fund_shift, name="fund_shift"),
    path("kerja/dana/<int:pk>/unggah/", sheets.fund_upload, name="fund_upload"),
    path("kerja/dana/<int:pk>/templat/", sheets.fund_template, name="fund_template"),
    path("kerja/dana/rekening/<int:pk>/", funds.line_detail, name="line_detail"),
    path("kerja/dana/versi/<int:pk>/", ceilings.version_detail, name="version_detail"),
    path("kerja/dana/lembar/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
]

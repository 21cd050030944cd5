from django.urls import path

from participants.views import import_lines, imports

ONE = "kerja/impor/<int:pk>"

urlpatterns = [
    path("kerja/impor/", imports.import_list, name="import_list"),
    path("kerja/impor/baru/", imports.import_start, name="import_start"),
    path("kerja/impor/templat/", imports.import_template, name="import_template"),
    path(f"{ONE}/", imports.import_detail, name="import_detail"),
    path(f"{ONE}/kemajuan/", imports.import_progress, name="import_progress"),
    path(f"{ONE}/kolom/", imports.import_columns, name="import_columns"),
    path(f"{ONE}/baris/<int:number>/", import_lines.import_row, name="import_row"),
    path(f"{ONE}/baris/<int:number>/putuskan/", import_lines.import_row_decide, name="import_row_decide"),
    path(f"{ONE}/periksa/", imports.import_recheck, name="import_recheck"),
    path(f"{ONE}/kesalahan/", imports.import_mistakes, name="import_mistakes"),
    path(f"{ONE}/masukkan/", imports.import_confirm, name="import_confirm"),
    path(f"{ONE}/tarik/", imports.import_undo, name="import_undo"),
    path(f"{ONE}/buang/", imports.import_discard, name="import_discard"),
]

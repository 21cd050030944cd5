"""Who teaches, where, with whom and for how much."""

from django.urls import path

from programs.views import honoraria, instructors, papers, partners, rates, staffing, teaching, venues

PEOPLE, PERSON = "kerja/instruktur", "kerja/instruktur/<int:pk>"
PLACES, PLACE = "kerja/tempat", "kerja/tempat/<int:pk>"
PARTNERS, PARTNER = "kerja/mitra", "kerja/mitra/<int:pk>"
RATES, RATE = "kerja/standar-biaya", "kerja/standar-biaya/<int:pk>"
BATCH = "kerja/angkatan/<int:pk>"

urlpatterns = [
    path("mengajar/<str:token>/", teaching.teaching_answer, name="teaching_answer"),
    path(f"{BATCH}/instruktur/", staffing.batch_staffing, name="batch_staffing"),
    path(f"{BATCH}/instruktur/undang/", staffing.teaching_invite, name="teaching_invite"),
    path("kerja/undangan-mengajar/<int:pk>/tarik/", staffing.teaching_withdraw, name="teaching_withdraw"),
    path("kerja/sesi/<int:pk>/instruktur/", staffing.session_staff, name="session_staff"),
    path(f"{BATCH}/honorarium/", honoraria.batch_honorarium, name="batch_honorarium"),
    path(f"{PEOPLE}/", instructors.instructor_list, name="instructor_list"),
    path(f"{PEOPLE}/baru/", instructors.instructor_create, name="instructor_create"),
    path(f"{PERSON}/", instructors.instructor_detail, name="instructor_detail"),
    path(f"{PERSON}/ubah/", instructors.instructor_edit, name="instructor_edit"),
    path(f"{PERSON}/status/", instructors.instructor_move, name="instructor_move"),
    path(f"{PERSON}/kompetensi/", instructors.instructor_competence, name="instructor_competence"),
    path(f"{PERSON}/kompetensi/<int:competence>/hapus/", instructors.competence_remove, name="competence_remove"),
    path(f"{PERSON}/halangan/", instructors.instructor_absence, name="instructor_absence"),
    path(f"{PERSON}/halangan/<int:absence>/hapus/", instructors.absence_remove, name="absence_remove"),
    path(f"{PERSON}/berkas/", papers.instructor_paper, name="instructor_paper"),
    path(f"{PERSON}/berkas/<int:paper>/buka/", papers.paper_open, name="paper_open"),
    path(f"{PERSON}/berkas/<int:paper>/hapus/", papers.paper_remove, name="paper_remove"),
    path(f"{PLACES}/", venues.venue_list, name="venue_list"),
    path(f"{PLACES}/baru/", venues.venue_create, name="venue_create"),
    path(f"{PLACE}/", venues.venue_detail, name="venue_detail"),
    path(f"{PLACE}/ubah/", venues.venue_edit, name="venue_edit"),
    path(f"{PLACE}/tutup/<int:closure>/hapus/", venues.closure_remove, name="closure_remove"),
    path(f"{PARTNERS}/", partners.partner_list, name="partner_list"),
    path(f"{PARTNERS}/baru/", partners.partner_create, name="partner_create"),
    path(f"{PARTNER}/", partners.partner_detail, name="partner_detail"),
    path(f"{PARTNER}/ubah/", partners.partner_edit, name="partner_edit"),
    path(f"{PARTNER}/perjanjian/baru/", partners.agreement_create, name="agreement_create"),
    path(f"{PARTNER}/perjanjian/<int:agreement>/", partners.agreement_edit, name="agreement_edit"),
    path(f"{PARTNER}/perjanjian/<int:agreement>/berkas/", partners.agreement_file, name="agreement_file"),
    path(f"{RATES}/", rates.rate_list, name="rate_list"),
    path(f"{RATES}/baru/", rates.rate_create, name="rate_create"),
    path(f"{RATE}/ubah/", rates.rate_edit, name="rate_edit"),
    path(f"{RATE}/ganti/", rates.rate_replace, name="rate_replace"),
]

from django.urls import path

from programs.views import programmes, staff

urlpatterns = [
    path("kerja/program/", programmes.program_board, name="program_board"),
    path("kerja/program/baru/", programmes.program_create, name="program_create"),
    path("kerja/program/<int:pk>/", programmes.program_desk, name="program_desk"),
    path("kerja/program/<int:pk>/ubah/", programmes.program_edit, name="program_edit"),
    path("kerja/program/<int:pk>/syarat/", programmes.program_requirements, name="program_requirements"),
    path("kerja/program/<int:pk>/keadaan/", programmes.program_move, name="program_move"),
    path("kerja/topik/", programmes.topic_list, name="topic_list"),
    path("kerja/topik/<int:pk>/", programmes.topic_edit, name="topic_edit"),
    path("kerja/angkatan/baru/", staff.batch_create, name="batch_create"),
    path("kerja/angkatan/<int:pk>/terbitkan/", staff.batch_publish, name="batch_publish"),
]

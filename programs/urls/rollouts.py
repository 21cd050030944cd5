from django.urls import path

from programs.views import holidays, rollout_rows, rollouts

urlpatterns = [
    path("kerja/rencana/", rollouts.rollout_list, name="rollout_list"),
    path("kerja/rencana/baru/", rollouts.rollout_create, name="rollout_create"),
    path("kerja/rencana/<int:pk>/", rollouts.rollout_detail, name="rollout_detail"),
    path("kerja/rencana/<int:pk>/ubah/", rollouts.rollout_edit, name="rollout_edit"),
    path("kerja/rencana/<int:pk>/wilayah/", rollouts.rollout_regions, name="rollout_regions"),
    path("kerja/rencana/<int:pk>/usulkan/", rollouts.rollout_propose, name="rollout_propose"),
    path("kerja/rencana/<int:pk>/buang/", rollouts.rollout_discard, name="rollout_discard"),
    path("kerja/rencana/<int:pk>/ulang/", rollouts.rollout_again, name="rollout_again"),
    path("kerja/rencana/angkatan/<int:pk>/", rollout_rows.rollout_row, name="rollout_row"),
    path("kerja/rencana/angkatan/<int:pk>/pindah/", rollout_rows.rollout_row_move, name="rollout_row_move"),
    path("kerja/rencana/angkatan/<int:pk>/lepas/", rollout_rows.rollout_row_free, name="rollout_row_free"),
    path("kerja/rencana/angkatan/<int:pk>/keluarkan/", rollout_rows.rollout_row_remove, name="rollout_row_remove"),
    path("kerja/hari-libur/", holidays.holiday_list, name="holiday_list"),
    path("kerja/hari-libur/ambil/", holidays.holiday_fetch, name="holiday_fetch"),
    path("kerja/hari-libur/<int:pk>/", holidays.holiday_switch, name="holiday_switch"),
    path("kerja/hari-libur/<int:pk>/hapus/", holidays.holiday_remove, name="holiday_remove"),
]

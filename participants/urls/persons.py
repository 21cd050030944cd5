from django.urls import path

from participants.views import merging, persons

urlpatterns = [
    path("kerja/orang/", persons.person_search, name="person_search"),
    path("kerja/orang/<int:pk>/", persons.person_detail, name="person_detail"),
    path("kerja/orang/<int:pk>/nik/", persons.person_number, name="person_number"),
    path("kerja/orang/kembar/", merging.pair_list, name="pair_list"),
    path("kerja/orang/kembar/cari/", merging.pair_search, name="pair_search"),
    path("kerja/orang/kembar/<int:first>/<int:second>/", merging.pair_detail, name="pair_detail"),
    path("kerja/orang/kembar/gabung/<int:pk>/", merging.merge_detail, name="merge_detail"),
]

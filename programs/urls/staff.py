from django.urls import path

from programs.views import staff

urlpatterns = [
    path("kerja/angkatan/baru/", staff.batch_create, name="batch_create"),
    path("kerja/angkatan/<int:pk>/terbitkan/", staff.batch_publish, name="batch_publish"),
]

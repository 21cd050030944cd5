"""Who teaches, where, with whom and for how much."""

from django.urls import path

from programs.views import teaching

urlpatterns = [
    path("mengajar/<str:token>/", teaching.teaching_answer, name="teaching_answer"),
]

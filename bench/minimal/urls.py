from django.urls import path

from bench.minimal import views

urlpatterns = [
    path("<int:pk>/", views.register, name="register"),
    path("hasil/<uuid:token>/", views.result, name="result"),
]

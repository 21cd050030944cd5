from django.urls import path

from programs.views import public

urlpatterns = [
    path("pelatihan/", public.program_list, name="program_list"),
    path("pelatihan/<slug:slug>/", public.program_detail, name="program_detail"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/", public.batch_detail, name="batch_detail"),
    path("pelatihan/<slug:slug>/<slug:batch_slug>/syarat/", public.eligibility_check, name="eligibility_check"),
]

from django.urls import URLPattern

from incentives.urls import after, competitions, entries, jury, others, results

app_name = "incentives"
urlpatterns: list[URLPattern] = [
    *after.urlpatterns,
    *competitions.urlpatterns,
    *entries.urlpatterns,
    *jury.urlpatterns,
    *others.urlpatterns,
    *results.urlpatterns,
]

from django.urls import URLPattern

from incentives.urls import competitions, entries, jury, others, results

app_name = "incentives"
urlpatterns: list[URLPattern] = [
    *competitions.urlpatterns,
    *entries.urlpatterns,
    *jury.urlpatterns,
    *others.urlpatterns,
    *results.urlpatterns,
]

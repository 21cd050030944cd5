from reports.urls import staff

app_name = "reports"
urlpatterns = [*staff.urlpatterns]

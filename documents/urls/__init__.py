from documents.urls import staff

app_name = "documents"
urlpatterns = [*staff.urlpatterns]

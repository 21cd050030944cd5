from documents.urls import signing, staff

app_name = "documents"
urlpatterns = [*staff.urlpatterns, *signing.urlpatterns]

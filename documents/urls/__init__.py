from documents.urls import papers, signing

app_name = "documents"
urlpatterns = [*papers.urlpatterns, *signing.urlpatterns]

from budgets.urls import staff

app_name = "budgets"
urlpatterns = [*staff.urlpatterns]

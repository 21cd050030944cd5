from budgets.urls import funds

app_name = "budgets"
urlpatterns = [*funds.urlpatterns]

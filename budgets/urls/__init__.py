from budgets.urls import funds, payments

app_name = "budgets"
urlpatterns = [*funds.urlpatterns, *payments.urlpatterns]

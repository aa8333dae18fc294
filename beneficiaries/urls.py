from django.urls import path

from beneficiaries import views

app_name = "beneficiaries"

urlpatterns = [
    path("co-so/", views.establishment_list, name="establishment_list"),
]

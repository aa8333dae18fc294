from django.urls import path

from clusters import views

app_name = "clusters"

urlpatterns = [
    path("cum-cong-nghiep/", views.cluster_list, name="cluster_list"),
    path("cum-cong-nghiep/<uuid:uuid>/", views.cluster_detail, name="cluster_detail"),
]

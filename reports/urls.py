from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("bao-cao/", views.report_list, name="report_list"),
    path("bao-cao/lap/", views.report_create, name="report_create"),
    path("bao-cao/ho-so/", views.dossiers_create, name="dossiers_create"),
    path("bao-cao/<uuid:uuid>/", views.report_detail, name="report_detail"),
    path("bao-cao/<uuid:uuid>/huy/", views.report_cancel, name="report_cancel"),
    path("bao-cao/<uuid:uuid>/lap-lai/", views.report_retry, name="report_retry"),
    path("bao-cao/<uuid:uuid>/tep/", views.report_download, name="report_download"),
]

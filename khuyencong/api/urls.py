"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from beneficiaries.api import EstablishmentViewSet
from clusters.api import ClusterViewSet
from khuyencong.api import schema  # noqa: F401  # registers how keys are described
from khuyencong.api.docs import readable_docs
from khuyencong.api.me import MeView
from khuyencong.api.schema import SchemaView, UnknownAddressView
from khuyencong.api.units import UnitViewSet
from programs.api import NormViewSet, PlanViewSet, ProjectViewSet, TrancheViewSet
from reports.api import ReportViewSet

app_name = "api"

router = SimpleRouter()
router.register("projects", ProjectViewSet, basename="project")
router.register("plans", PlanViewSet, basename="plan")
router.register("tranches", TrancheViewSet, basename="tranche")
router.register("norms", NormViewSet, basename="norm")
router.register("reports", ReportViewSet, basename="report")
router.register("establishments", EstablishmentViewSet, basename="establishment")
router.register("clusters", ClusterViewSet, basename="cluster")
router.register("units", UnitViewSet, basename="unit")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", readable_docs, name="docs"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("me/", MeView.as_view(), name="me"),
    path("", include(router.urls)),
    re_path(r"^(?P<address>.*)/$", UnknownAddressView.as_view(), name="unknown"),
]

"""The programme's resources in the API."""

from programs.api.norms import NormViewSet
from programs.api.plans import PlanViewSet, TrancheViewSet
from programs.api.projects import ProjectViewSet

__all__ = ["NormViewSet", "PlanViewSet", "ProjectViewSet", "TrancheViewSet"]

"""What an establishment has to do with support projects: a question of this floor about the one below."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from accounts.models import User
from beneficiaries.models import Establishment
from programs.lifecycle import BEFORE_DECISION, COMMITTED
from programs.models import Project
from programs.querysets import ProjectQuerySet


def projects_with(establishment: Establishment, user: User) -> ProjectQuerySet:
    """Projects with this establishment among the beneficiaries, as far as the person may see them."""
    return Project.objects.visible_to(user).filter(beneficiaries__establishment=establishment)


@dataclass(frozen=True, slots=True)
class Supports:
    """``state_vnd``: national plus local money of the approved projects, VND; a project shared by several
    establishments counts whole."""

    all: int
    waiting: int
    approved: int
    state_vnd: int


def supports_of(projects: ProjectQuerySet) -> Supports:
    """One query."""
    approved = Q(state__in=COMMITTED)
    figures = projects.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=BEFORE_DECISION)),
        approved=Count("pk", filter=approved),
        state_vnd=Sum(F("kcqg_vnd") + F("kcdp_vnd"), filter=approved, default=0),
    )
    return Supports(**figures)

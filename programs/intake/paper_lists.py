"""Applied lists whose dossiers a Sở may have appraised on paper."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from accounts.scope import scope_of
from programs.intake.apply import outcome_of
from programs.intake.stage import KIND
from programs.lifecycle import SO, State
from programs.models import Project
from programs.querysets import ProjectQuerySet
from records.models import StagedImport, StagedImportStatus


def lists_to_appraise(user: User) -> QuerySet[StagedImport]:
    """Registration lists that became drafts in the provinces whose Sở this person works for."""
    provinces = {pk for post in scope_of(user).posts_as(SO) for pk in post.province_ids}
    return StagedImport.objects.filter(kind=KIND, status=StagedImportStatus.APPLIED, province__in=provinces)


def drafts_of_list(user: User, staged: StagedImport) -> ProjectQuerySet:
    """The projects of a list that are still drafts."""
    codes = [done.code for done in outcome_of(staged).rows if done.code]
    return Project.objects.visible_to(user).filter(code__in=codes, state=State.DRAFT).order_by("id")

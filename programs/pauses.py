"""Stopping an office's clock on a dossier with a reason, and letting it run on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy as door
from accounts.models import User
from programs.errors import IllegalMove, MissingDetail
from programs.facts import DUE, Laws, set_due
from programs.models import ClockPause, Project
from programs.policy import clock_post
from records import audit


def pause(project: Project, reason: str, *, actor: User) -> ClockPause:
    """Stop the working days from counting.

    Raises ``PermissionRefused``, ``MissingDetail`` or ``IllegalMove``.
    """
    reason = reason.strip()
    with transaction.atomic():
        locked = _lock(project)
        permission = door.require(actor, "programs.stop_clock", locked)
        post = clock_post(actor, locked)
        assert post is not None  # the door has just found it
        if not reason:
            raise MissingDetail("reason", _("Hãy ghi vì sao tạm dừng, để mọi bên đọc được."))
        if standing(locked) is not None:
            raise IllegalMove(_("Thời hạn của hồ sơ này đang tạm dừng rồi."))
        if locked.due_on is not None and locked.due_on < timezone.localdate():
            raise IllegalMove(_("Hồ sơ đã quá hạn nên không tạm dừng được nữa."))
        made = ClockPause.objects.create(
            project=locked, reason=reason, office_id=post.organisation_id, started_by=actor
        )
        _follow(locked)
        audit.record(
            "programs.pause_clock", locked, actor=actor, reason=reason, on_behalf_of=permission.lender
        )
    return made


def resume(project: Project, *, actor: User) -> ClockPause:
    """Let the working days count again. Raises ``PermissionRefused`` or ``IllegalMove``."""
    with transaction.atomic():
        locked = _lock(project)
        permission = door.require(actor, "programs.stop_clock", locked)
        found = standing(locked)
        if found is None:
            raise IllegalMove(_("Thời hạn của hồ sơ này không tạm dừng."))
        found.ended_at, found.ended_by = timezone.now(), actor
        found.save(update_fields=["ended_at", "ended_by"])
        _follow(locked)
        due = {"due_on": locked.due_on}
        audit.record("programs.resume_clock", locked, actor=actor, after=due, on_behalf_of=permission.lender)
    return found


def end_pauses(acts: Iterable[tuple[User, Project]]) -> None:
    """A step that somebody takes with a locked project ends what stood still before it."""
    for actor, project in acts:
        if (found := standing(project)) is not None:
            ClockPause.objects.filter(pk=found.pk).update(ended_at=timezone.now(), ended_by=actor)


def standing(project: Project) -> ClockPause | None:
    """The pause that goes on now, from the project's own rows."""
    return next((pause for pause in project.pauses.all() if pause.ended_at is None), None)


def _lock(project: Project) -> Project:
    rows = Project.objects.select_for_update(of=("self",)).select_related("plan", "province", "owner")
    return rows.prefetch_related("participations").get(pk=project.pk)


def _follow(project: Project) -> None:
    set_due(project, Laws())
    project.save(update_fields=DUE)

"""Celery's side of this floor: messages carry nothing, the rows carry all."""

from __future__ import annotations

from celery import shared_task

from programs import digest, recompute, reminders


@shared_task(name="programs.tasks.post_digests")
def post_digests() -> int:
    """On working days from half past seven: for how many people today's e-mail is in the outbox."""
    return digest.post_due()


@shared_task(name="programs.tasks.post_reminders")
def post_reminders() -> int:
    """On working days: for how many people it was asked today what comes to its last days."""
    return reminders.post_due()


@shared_task(name="programs.tasks.recompute_deadlines")
def recompute_deadlines() -> int:
    """Every night, after days off or clocks may have been changed: how many deadlines moved."""
    return recompute.recompute_all()

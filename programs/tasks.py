"""Celery's side of this floor: messages carry nothing, the rows carry all."""

from __future__ import annotations

from celery import shared_task

from programs import digest


@shared_task(name="programs.tasks.post_digests")
def post_digests() -> int:
    """On working days from half past seven: for how many people today's e-mail is in the outbox."""
    return digest.post_due()

"""Celery's side of this floor: messages carry nothing, the rows carry all."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.management import CommandError, call_command

from records import anchors, files, idempotency, outbox

log = logging.getLogger(__name__)


@shared_task(name="records.tasks.dispatch_outbox")
def dispatch_outbox() -> int:
    return outbox.dispatch()


@shared_task(name="records.tasks.dispatch_mail")
def dispatch_mail() -> int:
    return outbox.dispatch(mail=True)


@shared_task(name="records.tasks.purge_records")
def purge_records() -> int:
    """Once a day: old idempotency keys, delivered messages, refused uploads and sign-ins that ran out."""
    call_command("clearsessions")
    return idempotency.purge() + outbox.purge() + files.sweep()


@shared_task(name="records.tasks.anchor_audit")
def anchor_audit() -> str:
    """Once a day: sign the audit chains; the root goes to the log and with it off this machine."""
    anchor = anchors.take_anchor()
    root = anchor.heads_root if anchor else ""
    log.info("audit anchor: %s", root or "nothing new to sign")
    return root


@shared_task(name="records.tasks.verify_invariants")
def verify_invariants() -> bool:
    """Every night: whether the data keeps its promises; what is broken is logged as an error."""
    try:
        call_command("verify")
    except CommandError as error:
        log.error("verify: %s", error)
        return False
    return True

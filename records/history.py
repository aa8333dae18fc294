"""Row history by database trigger: raw SQL and set-based updates are recorded like ``save()``.

Each tracked model has a table ``<app>_<model>event`` with the row after every insert and update and
before every delete. Recorded time (``pgh_created_at``) is kept apart from the valid dates a row may
carry in columns of its own. Who did it is a column default read from the transaction's ``kc.actor``
and ``kc.request``: no application code has to remember it, and no context table is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pghistory
import pghistory.models
from django.db import models
from django.db.models.functions import Cast, NullIf

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


def _setting(name: str) -> models.Func:
    return models.Func(
        models.Value(name), models.Value(True), function="current_setting", output_field=models.TextField()
    )


def acting_user() -> Cast:
    """The id the transaction's ``kc.actor`` holds, as a column default; NULL where nobody acts."""
    return Cast(NullIf(_setting("kc.actor"), models.Value("")), models.BigIntegerField())


class Event(pghistory.models.Event):
    """One recorded version of a row. Append-only; written by triggers alone."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_actor_id = models.BigIntegerField(null=True, db_default=acting_user())
    """Id of the acting user; no foreign key, so that history never stands in the way of anything."""
    pgh_request = models.TextField(null=True, db_default=_setting("kc.request"))

    class Meta:
        abstract = True


def tracked(*, exclude: Iterable[str] = ()) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: keep every version of the model's rows, except the columns in ``exclude``.

    Write it directly above the class, below nothing. Each app's walls migration then calls
    ``walls.history_wall`` for the event table.
    """

    def keep(model: ModelClass) -> ModelClass:
        options: dict[str, Any] = {
            "exclude": list(exclude),
            "obj_field": pghistory.ObjForeignKey(related_name="history"),
            "context_field": None,  # actor and request are columns of ``Event``
            "append_only": True,
            "base_model": Event,
        }
        events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        decorate: Callable[[ModelClass], ModelClass] = pghistory.track(*events, **options)
        return decorate(model)

    return keep


def events_of(model: type[models.Model]) -> type[Event]:
    """The event model of a tracked model. Raises ``LookupError`` when the model is not tracked."""
    found: type[Event] | None = getattr(model, "pgh_event_model", None)
    if found is None:
        raise LookupError(f"{model._meta.label} keeps no history")
    return found


def as_of(
    model: type[models.Model], at: dt.datetime, *, pks: Iterable[Any] | None = None
) -> models.QuerySet[Any]:
    """The rows of ``model`` as the database had them at ``at``: at most one event a row, deleted ones absent.

    Events carry the tracked columns under their own names; ``pgh_obj_id`` is the row's id. All changes of
    one transaction carry the same time, its start, so a moment never shows half of a transaction.
    """
    # Any: the tracked columns are known to the generated class, not to the type checker.
    events: Any = events_of(model)._default_manager
    past = events.filter(pgh_created_at__lte=at)
    if pks is not None:
        past = past.filter(pgh_obj_id__in=list(pks))
    # Ids are taken while the row is locked, so per row they follow the order of the changes.
    last = past.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id").values("pgh_id")
    known: models.QuerySet[Any] = events.filter(pgh_id__in=last).exclude(pgh_label="delete")
    return known

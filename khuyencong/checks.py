"""Start-up refusals that only a live connection can decide."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


def watch_connections() -> None:
    """In production every new connection proves that its role is held by the row policies."""
    if settings.PRODUCTION:
        connection_created.connect(_refuse_on_connect, dispatch_uid="refuse_privileged_role")


def _refuse_on_connect(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.alias == "default":
        refuse_privileged_role(connection, owner_allowed=settings.KC_DB_ROLE == "owner")


def refuse_privileged_role(connection: BaseDatabaseWrapper, *, owner_allowed: bool = False) -> None:
    """Raises ``ImproperlyConfigured`` when row-level security would silently not apply.

    A superuser is refused always; BYPASSRLS is the owner's, for migrations and loaders only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, superuser, bypass = cursor.fetchone()
    if superuser:
        connection.close()
        raise ImproperlyConfigured(
            f"Database role {name} is a superuser: give DATABASE_URL an ordinary role."
        )
    if bypass and not owner_allowed:
        connection.close()
        raise ImproperlyConfigured(f"Database role {name} bypasses row-level security: use the runtime role.")

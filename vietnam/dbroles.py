"""Rights of the run-time role, given in migrations.

The portal runs under a role that owns nothing; each app's migrations give it what it needs and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.operations.base import Operation

PRIVILEGES = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def _words(privileges: str) -> str:
    words = [word.strip().upper() for word in privileges.split(",")]
    if unknown := set(words) - PRIVILEGES:
        raise ValueError(f"not a table privilege: {', '.join(sorted(unknown))}")
    return ", ".join(words)


def grant_sql(tables: Iterable[str], privileges: str = "SELECT") -> list[str]:
    """GRANT statements for the run-time role (identity columns need no grant on a sequence)."""
    quote = connection.ops.quote_name
    return [
        f"GRANT {_words(privileges)} ON TABLE {quote(table)} TO {quote(settings.RUNTIME_ROLE)}"
        for table in tables
    ]


def revoke_sql(tables: Iterable[str]) -> list[str]:
    quote = connection.ops.quote_name
    return [f"REVOKE ALL ON TABLE {quote(table)} FROM {quote(settings.RUNTIME_ROLE)}" for table in tables]


class Grant(Operation):
    """Give the run-time role ``privileges`` on every table of ``app_label`` that exists at this migration.

    ``models`` narrows it to some models.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, app_label: str, privileges: str = "SELECT", models: Iterable[str] = ()) -> None:
        self.app_label = app_label
        self.privileges = privileges
        self.models = tuple(name.lower() for name in models)

    def deconstruct(self) -> Any:
        kwargs = {"models": list(self.models)} if self.models else {}
        return type(self).__name__, [self.app_label, self.privileges], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Rights are not part of Django's picture of the models."""

    def _tables(self, apps: Any) -> list[str]:
        return [
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label == self.app_label
            and model._meta.managed
            and not model._meta.proxy
            and (not self.models or model._meta.model_name in self.models)
        ]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in grant_sql(self._tables(to_state.apps), self.privileges):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in revoke_sql(self._tables(from_state.apps)):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Give the run-time role {self.privileges} on {self.app_label}"

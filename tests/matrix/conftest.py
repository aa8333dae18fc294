"""The world is built once and thrown away: one transaction around all tests of this folder.

No test here asks for pytest-django's ``db``: that would end the transaction after each test.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.matrix import world as worlds
from tests.matrix.world import World


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        with transaction.atomic():
            made = worlds.build()
            # Else every later request would ask the deferred constraints of the whole world again.
            connection.check_constraints()
            yield made
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are what is wanted here; the log of them is not."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)

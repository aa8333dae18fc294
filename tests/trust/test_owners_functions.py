"""Functions that run with the owner's rights take no name from whoever calls them."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

DEFINERS = """
SELECT p.oid::regprocedure::text,
       coalesce((SELECT c FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%'), '')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname = 'public'
"""


def test_every_function_of_the_owner_names_its_search_path_with_temporary_objects_last() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DEFINERS)
        paths = dict(cursor.fetchall())
    assert len(paths) > 15
    assert {name: path for name, path in paths.items() if not path.endswith(", pg_temp")} == {}

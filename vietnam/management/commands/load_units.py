from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from vietnam.loaders.units import load_units
from vietnam.models import AdminUnit, UnitSuccession
from vietnam.units import forget_index


class Command(BaseCommand):
    help = "Loads administrative units and their history from vietnam/data (may be run again)."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_units()
        forget_index()
        # Else the first minutes' questions are planned as if these tables were empty, and take minutes.
        tables = ", ".join(model._meta.db_table for model in (AdminUnit, UnitSuccession))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
        self.stdout.write(str(report))

from typing import Any

from django.core.management.base import BaseCommand

from vietnam.loaders.units import load_units
from vietnam.units import forget_index


class Command(BaseCommand):
    help = "Loads administrative units and their history from vietnam/data (may be run again)."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_units()
        forget_index()
        self.stdout.write(str(report))

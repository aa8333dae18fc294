from typing import Any

from django.core.management.base import BaseCommand

from vietnam.loaders.documents import load_documents


class Command(BaseCommand):
    help = "Loads legal documents from vietnam/data (may be run again)."

    def handle(self, *args: Any, **options: Any) -> None:
        created, changed = load_documents()
        self.stdout.write(f"legal documents: {created} new, {changed} changed")

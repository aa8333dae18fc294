from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Hồ sơ lưu trữ")

    def ready(self) -> None:
        from records.grants import after_migrate

        # This app is the sender only so that the handler runs once a migrate, when all tables exist.
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="records.grants")

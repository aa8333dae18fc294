from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VietnamConfig(AppConfig):
    name = "vietnam"
    verbose_name = _("Việt Nam: đơn vị hành chính, văn bản, ngày làm việc")
    default_auto_field = "django.db.models.BigAutoField"

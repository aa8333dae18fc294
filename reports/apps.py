from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from records import inbox

        inbox.declare(
            inbox.Kind("reports.ended", _("Báo cáo bạn yêu cầu đã xong hoặc không lập được"), digest=False)
        )

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "khuyencong"
    verbose_name = "Khuyến công"

    def ready(self) -> None:
        from khuyencong import checks

        checks.watch_connections()

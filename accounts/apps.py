from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Tài khoản và cơ quan"

    def ready(self) -> None:
        from accounts.notices import KINDS
        from records import inbox

        inbox.declare(*KINDS)

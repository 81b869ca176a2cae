from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Register this app's operations."""
        import accounts.operations  # noqa: F401

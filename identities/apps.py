from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "identities"

    def ready(self) -> None:
        """Register this app's operations."""
        import identities.operations  # noqa: F401

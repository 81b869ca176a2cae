from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        """Register this app's operations."""
        import policies.operations  # noqa: F401

"""How much of IAM's and STS's APIs is served, as a table made from AWS's service models and our registry."""

from __future__ import annotations

from pathlib import Path

from iamconsole.operations import registry
from iamconsole.operations.inputs import service_model

PLACE = Path(__file__).resolve().parent.parent / "help" / "api-coverage.md"
SERVICES = {"iam": "IAM", "sts": "STS"}
COMMAND = "python manage.py api_coverage"


def markdown() -> str:
    """The help topic, complete."""
    served = {each.name for each in registry.every()}
    tables = [_table(service, served) for service in SERVICES]
    counts = " and ".join(
        f"{len(served & _names(service))} of {len(_names(service))} {title}" for service, title in SERVICES.items()
    )
    lead = (
        f"{counts} operations are served, to the AWS CLI and SDKs as to the console's own pages. An operation that is"
        f" not served answers `InvalidAction`. This page is written by `{COMMAND}`."
    )
    return "\n\n".join(["# AWS API coverage", lead, *tables]) + "\n"


def _names(service: str) -> set[str]:
    model = service_model(service)
    assert model is not None
    return {f"{service}:{verb}" for verb in model.operation_names}


def _table(service: str, served: set[str]) -> str:
    rows = [f"| {name.partition(':')[2]} | {'yes' if name in served else '-'} |" for name in sorted(_names(service))]
    return "\n".join([f"## {SERVICES[service]}\n", "| Operation | Served |", "|---|---|", *rows])

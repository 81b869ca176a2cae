"""The credential report: made when asked for, kept for four hours, handed out as it was made."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Account, CredentialReport
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError
from iamconsole.operations.registry import Result, operation
from identities.credential_report import render

LIFETIME = timedelta(hours=4)


class ReportNotPresent(ApiError):
    """AWS has no words for it: the code is all there is."""

    code, status = "ReportNotPresent", 410


class ReportExpired(ApiError):
    code, status = "ReportExpired", 410


@operation("iam:GenerateCredentialReport")
def generate_credential_report(call: Call) -> Result:
    """Make a credential report, unless there is one less than four hours old."""
    report = _report(call)
    if report is not None and report.generated_at > call.now - LIFETIME:
        return {"State": "COMPLETE"}
    content = render(Account.objects.get(pk=call.account_id))
    CredentialReport.objects.update_or_create(
        account_id=call.account_id, defaults={"content": content, "generated_at": call.now}
    )
    return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


@operation("iam:GetCredentialReport")
def get_credential_report(call: Call) -> Result:
    """Hand out the credential report that was made last."""
    report = _report(call)
    if report is None:
        raise ReportNotPresent("")
    if report.generated_at <= call.now - LIFETIME:
        raise ReportExpired("The credential report is older than four hours. Use GenerateCredentialReport again.")
    return {
        "Content": report.content.encode(),
        "ReportFormat": "text/csv",
        "GeneratedTime": report.generated_at,
    }


def _report(call: Call) -> CredentialReport | None:
    found: CredentialReport | None = CredentialReport.objects.of(call.account_id).first()
    return found

"""Account settings: the password policy, the account itself, and how much of its quotas is used."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from accounts.forms_policy import PasswordPolicyForm, initial, rules
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import AccessDenied, ApiError, NoSuchEntity
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import redirect_with_flash, render_page

# (What, how many there are, how many there may be) by the keys of GetAccountSummary.
HELD = (
    ("Users", "Users", "UsersQuota"),
    ("User groups", "Groups", "GroupsQuota"),
    ("Roles", "Roles", "RolesQuota"),
    ("Customer managed policies", "Policies", "PoliciesQuota"),
    ("Policy versions in use", "PolicyVersionsInUse", "PolicyVersionsInUseQuota"),
    ("Instance profiles", "InstanceProfiles", "InstanceProfilesQuota"),
    ("Server certificates", "ServerCertificates", "ServerCertificatesQuota"),
)
EACH = (
    ("Groups per user", "GroupsPerUserQuota"),
    ("Access keys per user", "AccessKeysPerUserQuota"),
    ("Signing certificates per user", "SigningCertificatesPerUserQuota"),
    ("Managed policies attached to a user", "AttachedPoliciesPerUserQuota"),
    ("Managed policies attached to a group", "AttachedPoliciesPerGroupQuota"),
    ("Managed policies attached to a role", "AttachedPoliciesPerRoleQuota"),
    ("Versions per managed policy", "VersionsPerPolicyQuota"),
    ("Characters of a managed policy", "PolicySizeQuota"),
    ("Characters of a user's inline policies", "UserPolicySizeQuota"),
    ("Characters of a group's inline policies", "GroupPolicySizeQuota"),
    ("Characters of a role's inline policies", "RolePolicySizeQuota"),
    ("Characters of a trust policy", "AssumeRolePolicySizeQuota"),
)
TITLE = "Account settings"
SAVED = "Password requirements for IAM users updated"


@require_safe
@signed_in
def account_settings(request: ConsoleRequest) -> HttpResponse:
    policy = policy_in_force(request)
    summary = door.ask(request.caller, "iam:GetAccountSummary")
    aliases = door.ask(request.caller, "iam:ListAccountAliases")
    numbers = summary.result.get("SummaryMap", {})
    assert isinstance(numbers, Mapping)
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("IAM", reverse("dashboard")), (TITLE, None)],
        "policy": policy,
        "is_custom": bool(policy.result),
        "rules": [] if policy.denied else rules(_custom(policy)),
        "aliases": aliases,
        "alias": request.account.alias if aliases else "",
        "email_denied": _email_denied(request),
        "summary": summary,
        "held": [(label, numbers[now], numbers[most]) for label, now, most in HELD if numbers],
        "each": [(label, numbers[most]) for label, most in EACH if numbers],
    }
    return render_page(request, "accounts/account_settings.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def password_policy_edit(request: ConsoleRequest) -> HttpResponse:
    """Choose the rules; a dialog asks once more before they hold."""
    policy = policy_in_force(request)
    form = PasswordPolicyForm(request.POST or None, initial=initial(_custom(policy)))
    if request.method == "POST" and form.is_valid():
        return _confirmed(request, form)
    context = {
        "page_title": "Edit password policy",
        "breadcrumbs": [
            ("IAM", reverse("dashboard")),
            (TITLE, reverse("account-settings")),
            ("Edit password policy", None),
        ],
        "form": form,
        "denied": policy.denied,
    }
    status = 422 if request.method == "POST" else 200
    fragment = "accounts/_password_policy_form.html"
    answer = render_page(request, "accounts/password_policy.html", context, fragment=fragment, status=status)
    # The answer to a right form is a dialog; a wrong one stays where it is.
    return reswap(retarget(answer, "#password-policy"), "outerHTML") if request.method == "POST" else answer


def _confirmed(request: ConsoleRequest, form: PasswordPolicyForm) -> HttpResponse:
    """Ask, and set the policy once the question is answered."""
    dialog = _question(request, form)
    if "confirmed" not in request.POST:
        answer = confirm_page(request, dialog)
        answer.status_code = 200
        return answer
    try:
        _set(request, form)
    except ApiError as error:
        return confirm_page(request, dialog, error)
    return redirect_with_flash(request, reverse("account-settings"), "success", SAVED)


def _question(request: ConsoleRequest, form: PasswordPolicyForm) -> Confirm:
    given = [(name, str(request.POST[name])) for name in form.fields if name in request.POST]
    ages = form.is_custom and form.cleaned_data["expires"]
    return Confirm(
        title="Set custom password policy?" if form.is_custom else "Set default password policy?",
        text="Lengths and kinds of characters count from each user's next change of password.",
        warning="Expiration counts at once: whose password is older must change it at the next sign-in."
        if ages
        else "",
        button="Set custom" if form.is_custom else "Set default",
        cancel_url=reverse("password-policy-edit"),
        action=reverse("password-policy-edit"),
        hidden=(*given, ("confirmed", "yes")),
        breadcrumbs=(("IAM", reverse("dashboard")), (TITLE, reverse("account-settings"))),
    )


def _set(request: ConsoleRequest, form: PasswordPolicyForm) -> None:
    if form.is_custom:
        door.perform(request.caller, "iam:UpdateAccountPasswordPolicy", form.inputs())
        return
    try:
        door.perform(request.caller, "iam:DeleteAccountPasswordPolicy")
    except NoSuchEntity:
        return  # the default holds already, which is what was asked for


def policy_in_force(request: ConsoleRequest) -> Answer:
    """The account's own policy; an empty result where IAM's default holds."""
    try:
        return door.ask(request.caller, "iam:GetAccountPasswordPolicy")
    except NoSuchEntity:
        return Answer({})


def _custom(policy: Answer) -> Mapping[str, object] | None:
    found = policy.result.get("PasswordPolicy")
    assert found is None or isinstance(found, Mapping)
    return found


def _email_denied(request: ConsoleRequest) -> AccessDenied | None:
    """Why the root user's address stays hidden; it is half of what signing in as root takes."""
    try:
        door.authorize(request.caller, "account:GetPrimaryEmail")
    except AccessDenied as denied:
        return denied
    return None

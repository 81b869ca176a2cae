"""Where the pages of policies stand in the console."""

from __future__ import annotations

from django.urls import reverse

from iamconsole.ui.nav import url_or_none

Crumbs = list[tuple[str, str | None]]


def iam_crumb() -> tuple[str, str | None]:
    """The first step of every page of IAM."""
    return ("IAM", url_or_none("dashboard"))


def policy_crumbs(arn: str = "", *more: tuple[str, str | None]) -> Crumbs:
    """The way to the list, to one policy's page, and on."""
    crumbs = [iam_crumb(), ("Policies", reverse("policies"))]
    if arn:
        crumbs.append((arn.rsplit("/", 1)[-1], reverse("policy", args=[arn])))
    return [*crumbs, *more]

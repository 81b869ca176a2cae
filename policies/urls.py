from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

import policies.routes  # noqa: F401 (registers the converters)
from policies.views import (
    attaching,
    authorization_details,
    boundaries,
    editing,
    inline,
    picker,
    policy_delete,
    policy_entities,
    policy_list,
    policy_page,
    policy_tags,
    policy_versions,
    policy_write,
    simulator,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("policies/", policy_list.policies, name="policies"),
    path("policies/selected/<slug:action>/", policy_list.policy_action, name="policy-action"),
    path("policies/picker/<slug:name>/<slug:many>/", picker.policy_picker, name="policy-picker"),
    path("policies/findings/<slug:kind>/<int:quota>/", editing.policy_findings, name="policy-findings"),
    path("policies/create/", policy_write.policy_create, name="policy-create"),
    path("policies/create/<str:token>/<int:step>/", policy_write.policy_create_step, name="policy-create-step"),
    path("policies/details/<arn:arn>", policy_page.policy, name="policy"),
    path("policies/details/<slug:tab>/<arn:arn>", policy_page.policy_tab, name="policy-tab"),
    path(
        "policies/edit/<arn:arn>/draft/<str:token>/<int:step>/", policy_write.policy_edit_step, name="policy-edit-step"
    ),
    path("policies/edit/<arn:arn>", policy_write.policy_edit, name="policy-edit"),
    path("policies/delete/<arn:arn>", policy_delete.policy_delete, name="policy-delete"),
    path("policies/attach/<arn:arn>", policy_entities.policy_attach, name="policy-attach"),
    path("policies/detach/<arn:arn>", policy_entities.policy_detach, name="policy-detach"),
    path("policies/tags/<arn:arn>", policy_tags.policy_tags_edit, name="policy-tags-edit"),
    path("policies/default-version/<arn:arn>", policy_versions.policy_version_default, name="policy-version-default"),
    path("policies/delete-version/<arn:arn>", policy_versions.policy_version_delete, name="policy-version-delete"),
    path("<holders:plural>/<str:name>/attach-policies/", attaching.attach_policies, name="attach-policies"),
    path("<holders:plural>/<str:name>/detach-policies/", attaching.detach_policies, name="detach-policies"),
    path("<holders:plural>/<str:name>/boundary/", boundaries.boundary_set, name="boundary-set"),
    path("<holders:plural>/<str:name>/boundary/remove/", boundaries.boundary_remove, name="boundary-remove"),
    path(
        "<holders:plural>/<str:name>/inline-policies/create/", inline.inline_policy_create, name="inline-policy-create"
    ),
    path(
        "<holders:plural>/<str:name>/inline-policies/create/<str:token>/<int:step>/",
        inline.inline_policy_create_step,
        name="inline-policy-create-step",
    ),
    path(
        "<holders:plural>/<str:name>/inline-policies/<str:policy>/edit/",
        inline.inline_policy_edit,
        name="inline-policy-edit",
    ),
    path(
        "<holders:plural>/<str:name>/inline-policies/<str:policy>/edit/<str:token>/<int:step>/",
        inline.inline_policy_edit_step,
        name="inline-policy-edit-step",
    ),
    path(
        "<holders:plural>/<str:name>/inline-policies/<str:policy>/delete/",
        inline.inline_policy_delete,
        name="inline-policy-delete",
    ),
    path("policy-simulator/", simulator.simulator, name="simulator"),
    path(
        "authorization-details/<uuid:event_id>/",
        authorization_details.authorization_details,
        name="authorization-details",
    ),
]

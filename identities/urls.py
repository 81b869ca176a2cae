"""Addresses of users, groups and roles. A name may be any word: what is not about one user stands outside `users/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from identities.views import (
    user_console,
    user_create,
    user_delete,
    user_groups,
    user_page,
    user_password,
    user_tags,
    users,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("users/", users.users, name="users"),
    path("create-user/", user_create.user_create, name="user-create"),
    path("delete-users/", user_delete.users_delete, name="users-delete"),
    path("users/create/<str:token>/<int:step>/", user_create.user_create_step, name="user-create-step"),
    path("users/create/<str:token>/result/", user_create.user_create_result, name="user-create-result"),
    path("users/<str:name>/", user_page.user, name="user"),
    path("users/<str:name>/groups/", user_page.user_groups, name="user-groups"),
    path("users/<str:name>/tags/", user_page.user_tags, name="user-tags"),
    path("users/<str:name>/security-credentials/", user_page.user_credentials, name="user-credentials"),
    path("users/<str:name>/delete/", user_delete.user_delete, name="user-delete"),
    path("users/<str:name>/groups/add/", user_groups.user_groups_add, name="user-groups-add"),
    path("users/<str:name>/groups/remove/", user_groups.user_groups_remove, name="user-groups-remove"),
    path("users/<str:name>/tags/edit/", user_tags.user_tags_edit, name="user-tags-edit"),
    path("users/<str:name>/console-access/", user_console.user_console_access, name="user-console-access"),
    path("users/<str:name>/console-password/", user_password.user_password, name="user-password"),
]

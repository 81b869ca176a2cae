"""AWS's errors for tokens and assertions of outside providers."""

from __future__ import annotations

from iamconsole.operations.errors import ApiError


class InvalidIdentityToken(ApiError):
    code, status = "InvalidIdentityToken", 400


class ExpiredToken(ApiError):
    code, status = "ExpiredTokenException", 400

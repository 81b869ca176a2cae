"""The installation's own secrets: taken from the environment, or made once and kept in `var/` with mode 0600."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path


def kept_secret(path: Path, make: str) -> str:
    """The secret stored at `path`; on first use `make` is stored there, readable by this user only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another worker was quicker
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(make)
    return make


def new_secret_key() -> str:
    """Django's SECRET_KEY: 64 random bytes as text."""
    return secrets.token_urlsafe(64)


def new_master_key() -> str:
    """One entry of IAMCONSOLE_MASTER_KEYS: `id:base64` of 32 random bytes (AES-256)."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"

"""Serial numbers and seeds of hardware tokens as people type or paste them. Pure."""

from __future__ import annotations

import base64
import binascii
import re

from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.secrets import Secret

SERIAL = re.compile(r"[A-Z0-9-]{9,64}")
HEX = re.compile(r"(?:[0-9A-F]{2})+")
# RFC 4226, R6: a seed has 128 bits at least.
SHORTEST, LONGEST = 16, 128


def serial(text: str) -> str:
    """A serial number as it is kept. Raises InvalidInput."""
    found = SERIAL.fullmatch(text.strip().upper())
    if found is None:
        raise InvalidInput("A serial number has 9 to 64 letters, digits and hyphens, such as GAHT12345678.")
    return found[0]


def base32(seed: Secret) -> Secret:
    """A seed given in hexadecimal or base32, as base32. Raises InvalidInput.

    A text that could be either is read as hexadecimal: of base32 seeds one in many millions has no letter past F.
    """
    text = re.sub(r"[\s=-]", "", seed.reveal()).upper()
    try:
        raw = bytes.fromhex(text) if HEX.fullmatch(text) else base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        raise InvalidInput("A seed is written in hexadecimal (0-9, A-F) or in base32 (A-Z, 2-7).") from None
    if not SHORTEST <= len(raw) <= LONGEST:
        raise InvalidInput(f"A seed has {SHORTEST} to {LONGEST} bytes, this one has {len(raw)}.")
    return Secret(base64.b32encode(raw).decode().rstrip("="))

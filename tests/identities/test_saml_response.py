"""Responses that another implementation signed (signxml 4: RSA and exclusive form, ECDSA and inclusive form) verify."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from identities import saml_response
from identities.saml import Metadata
from identities.saml_response import Trusted
from identities.web_identity import InvalidIdentityToken

HERE = Path(__file__).parent / "signed_elsewhere"
NOW = datetime(2026, 11, 25, 12, 1, tzinfo=UTC)


def trusted(name: str) -> Trusted:
    return Trusted(Metadata("https://idp.example.com/saml", ((HERE / f"{name}.der").read_bytes(),), (), None))


@pytest.mark.parametrize("name", ["assertion", "response"])
def test_it_reads_what_another_implementation_signed(name: str) -> None:
    text = base64.b64encode((HERE / f"{name}.xml").read_bytes()).decode()
    said = saml_response.read(text, trusted(name), NOW)
    assert (said.subject, said.recipient) == ("d&naé", "https://signin.aws.amazon.com/saml")


@pytest.mark.parametrize("name", ["assertion", "response"])
def test_it_takes_no_byte_of_it_changed(name: str) -> None:
    whole = (HERE / f"{name}.xml").read_bytes()
    start, end = whole.index(b"<saml:Subject>"), whole.index(b"</saml:AttributeStatement>")
    for place in range(start, end, 53):
        if whole[place : place + 1].isalnum():
            changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
            with pytest.raises(InvalidIdentityToken):
                saml_response.read(base64.b64encode(changed).decode(), trusted(name), NOW)


def test_it_takes_nothing_by_another_certificate() -> None:
    text = base64.b64encode((HERE / "assertion.xml").read_bytes()).decode()
    with pytest.raises(InvalidIdentityToken):
        saml_response.read(text, trusted("response"), NOW)

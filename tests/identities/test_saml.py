"""SAML metadata is read, and nothing in it can reach beyond the document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.x509 import load_der_x509_certificate

from identities import saml
from tests.identities import papers

LAUGHS = """<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
FILE = """<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>"""
OUTSIDE = """<!DOCTYPE x SYSTEM "http://127.0.0.1:9/metadata.dtd">"""
BAD = {
    "no XML": "not XML at all",
    "unclosed": papers.metadata()[:-1200],
    "a bomb": papers.metadata(prolog=LAUGHS),
    "a file": papers.metadata(prolog=FILE, body="&file;"),
    "another host": papers.metadata(prolog=OUTSIDE),
    "no provider": papers.metadata(body="<md:SPSSODescriptor/>"),
    "no key": papers.metadata(body="<md:IDPSSODescriptor/>"),
    "an encryption key only": papers.metadata().replace('use="signing"', 'use="encryption"'),
    "a broken certificate": papers.metadata().replace("<ds:X509Certificate>", "<ds:X509Certificate>%"),
    "no name": papers.metadata().replace("https://idp.example.com/saml", ""),
    "another root": papers.metadata().replace("md:EntityDescriptor", "md:EntitiesDescriptor"),
    "no date": papers.metadata("next year"),
    "a date beyond time": papers.metadata("0001-01-01T00:00:00+14:00"),
    "a lone surrogate": papers.metadata().replace("idp.example.com/login", "\ud800"),
    "deep nesting": papers.metadata(body="<a>" * 100_000),
    "too long": papers.metadata() + " " * saml.LONGEST,
}


def test_it_reads_what_the_provider_says_of_itself() -> None:
    found = saml.read(papers.metadata("2030-06-01T12:00:00Z"))
    assert found.issuer == "https://idp.example.com/saml"
    assert found.sign_in_urls == ("https://idp.example.com/login",)
    assert found.valid_until == datetime(2030, 6, 1, 12, tzinfo=UTC)
    certificate = load_der_x509_certificate(found.certificates[0])
    assert certificate.subject.rfc4514_string() == "CN=www.example.com"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2030-06-01T12:00:00+02:00", 10), ("2030-06-01T12:00:00", 12), ("2030-06-01T12:00:00.000Z", 12)],
)
def test_it_understands_time_zones(written: str, meant: int) -> None:
    assert saml.read(papers.metadata(written)).valid_until == datetime(2030, 6, 1, meant, tzinfo=UTC)


def test_it_takes_the_earlier_end_of_provider_and_role() -> None:
    text = papers.metadata("2030-06-01").replace("<md:IDPSSODescriptor", '<md:IDPSSODescriptor validUntil="2029-06-01"')
    assert saml.read(text).valid_until == datetime(2029, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_it_refuses(text: str) -> None:
    with pytest.raises(saml.BadMetadata):
        saml.read(text)

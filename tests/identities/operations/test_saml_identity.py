"""Assertions of a SAML provider: only what the provider signed, for us, now, opens a role."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.caller import anonymous_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary, xml_signature
from identities.xml_signature import Unsigned
from tests.cast import ACCOUNT_ID
from tests.identities import assertions, papers
from tests.identities.assertions import DS, EXCLUSIVE, OWN, Facts, Signer, encoded, encrypted, response, signed
from tests.identities.steps import do, trust
from tests.world import World

DENIED = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
BAD_SIGNATURE = ("InvalidIdentityToken", "Response signature invalid")


@pytest.fixture
def lab(world: World) -> World:
    """The account knows the provider, and a role trusts it."""
    assertions.make_provider(world.system)
    assertions.make_role(world.system)
    return world


def assume(text: str, **other: object) -> dict[str, Any]:
    given = {"RoleArn": assertions.ROLE_ARN, "PrincipalArn": assertions.PROVIDER_ARN, "SAMLAssertion": text, **other}
    return door.perform(anonymous_caller(), "sts:AssumeRoleWithSAML", given)


def refusal(text: str, **other: object) -> tuple[str, str]:
    with pytest.raises(ApiError) as raised:
        assume(text, **other)
    return raised.value.code, raised.value.message


def facts(**other: Any) -> Facts:
    return replace(Facts(timezone.now()), **other)


def plain(told: Facts | None = None) -> str:
    """A response whose assertion is signed, as XML."""
    told = told or facts()
    return response(told, signed(assertions.assertion(told)))


def session_of(answer: dict[str, Any]) -> Any:
    key = answer["Credentials"]
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None and said.caller.session is not None
    return said.caller.session


def test_it_opens_the_role_to_an_assertion_of_the_provider(lab: World) -> None:
    answer = assume(assertions.whole(timezone.now()))
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/teacher/dana"
    told = (answer["Subject"], answer["SubjectType"], answer["Issuer"], answer["Audience"])
    assert told == (assertions.SUBJECT, "persistent", assertions.ISSUER, assertions.SIGN_IN)
    formula = hashlib.sha1(f"{assertions.ISSUER}{ACCOUNT_ID}/school".encode(), usedforsecurity=False).digest()
    assert answer["NameQualifier"] == base64.b64encode(formula).decode()
    assert session_of(answer).provider == assertions.PROVIDER_ARN


def test_it_takes_a_signature_of_the_whole_response(lab: World) -> None:
    assume(encoded(signed(response(facts(), assertions.assertion(facts())))))
    assume(encoded(signed(plain())))


@pytest.mark.parametrize("size", ["384", "512"])
def test_it_takes_longer_hashes(lab: World, size: str) -> None:
    digest = {"384": "http://www.w3.org/2001/04/xmldsig-more#sha384", "512": "http://www.w3.org/2001/04/xmlenc#sha512"}
    signer = Signer(digest=digest[size], method=f"http://www.w3.org/2001/04/xmldsig-more#rsa-sha{size}")
    assume(encoded(response(facts(), signed(assertions.assertion(facts()), signer))))


def test_it_records_who_came_in_the_accounts_history(lab: World) -> None:
    text = assertions.whole(timezone.now())
    assume(text)
    event = Event.objects.get(name="AssumeRoleWithSAML")
    assert (event.account_id, event.principal_type, event.user_name) == (ACCOUNT_ID, "SAMLUser", assertions.SUBJECT)
    assert text[:60] not in json.dumps(event.record)


def test_it_takes_no_response_without_a_signature(lab: World) -> None:
    assert refusal(encoded(response(facts(), assertions.assertion(facts())))) == BAD_SIGNATURE


def test_it_takes_no_signature_by_another_key(lab: World) -> None:
    other = signed(assertions.assertion(facts()), Signer(key="second"))
    assert refusal(encoded(response(facts(), other))) == BAD_SIGNATURE
    # Not even where the assertion itself is well signed: every signature that is there must hold.
    assert refusal(encoded(signed(plain(), Signer(key="second")))) == BAD_SIGNATURE


@pytest.mark.parametrize(
    "signer",
    [
        Signer(uri=""),
        Signer(uri="#_response"),
        Signer(uri="#elsewhere"),
        Signer(uri="https://idp.example.com/assertion.xml"),
        Signer(digest="http://www.w3.org/2000/09/xmldsig#sha1"),
        Signer(method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        Signer(canonical=f"{EXCLUSIVE}WithComments"),
        Signer(transforms=(EXCLUSIVE,)),
        Signer(transforms=(f"{DS}enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116")),
        Signer(transforms=(f"{DS}enveloped-signature", EXCLUSIVE, EXCLUSIVE)),
        Signer(transforms=()),
    ],
    ids=range(11),
)
def test_it_takes_no_signature_of_another_make(lab: World, signer: Signer) -> None:
    assert refusal(encoded(response(facts(), signed(assertions.assertion(facts()), signer)))) == BAD_SIGNATURE


def test_it_takes_no_changed_assertion(lab: World) -> None:
    text = plain()
    for old, new in (("dana@school", "root@school"), (">dana<", ">root<"), ("role/teacher", "role/teachor")):
        assert refusal(encoded(text.replace(old, new))) == BAD_SIGNATURE


def wrapped(way: str) -> str:
    """A well signed assertion moved to where it signs nothing, with an evil one in its place."""
    told = facts()
    good = signed(assertions.assertion(told))
    evil = assertions.assertion(replace(told, subject="root@school.example"))
    signature = good[good.index("<ds:Signature") : good.index("</ds:Signature>") + len("</ds:Signature>")]
    without = good.replace(signature, "")
    end = evil.index("</saml:Issuer>") + len("</saml:Issuer>")
    match way:
        case "beside":
            return response(told, evil.replace('ID="_assertion"', 'ID="_evil"') + good)
        case "before":
            return response(told, good + evil.replace('ID="_assertion"', 'ID="_evil"'))
        case "inside an extension":
            return response(told, f"<samlp:Extensions>{good}</samlp:Extensions>{evil.replace('_assertion', '_evil')}")
        case "inside the evil one":
            inside = f"<saml:Advice>{good}</saml:Advice></saml:Assertion>"
            return response(told, evil.replace("</saml:Assertion>", inside).replace("_assertion", "_evil", 1))
        case "inside the signature":
            holding = signature.replace("</ds:Signature>", f"<ds:Object>{without}</ds:Object></ds:Signature>")
            return response(told, (evil[:end] + holding + evil[end:]).replace("_assertion", "_evil", 1))
        case "of one id":
            holding = signature.replace("</ds:Signature>", f"<ds:Object>{without}</ds:Object></ds:Signature>")
            return response(told, evil[:end] + holding + evil[end:])
        case _:
            return response(told, evil[:end] + signature + evil[end:])


@pytest.mark.parametrize(
    "way",
    [
        "beside",
        "before",
        "inside an extension",
        "inside the evil one",
        "inside the signature",
        "of one id",
        "signature moved",
    ],
)
def test_it_is_not_taken_in_by_a_signature_of_something_else(lab: World, way: str) -> None:
    assert refusal(encoded(wrapped(way)))[0] == "InvalidIdentityToken"


def test_it_takes_no_second_reference_signature_or_info(lab: World) -> None:
    text = plain()
    info = text[text.index("<ds:SignedInfo") : text.index("</ds:SignedInfo>") + len("</ds:SignedInfo>")]
    assert refusal(encoded(text.replace(info, info + info))) == BAD_SIGNATURE
    reference = info[info.index("<ds:Reference") : info.index("</ds:SignedInfo>")]
    assert refusal(encoded(text.replace(reference, reference * 2))) == BAD_SIGNATURE
    whole = text[text.index("<ds:Signature") : text.index("</ds:Signature>") + len("</ds:Signature>")]
    assert refusal(encoded(text.replace(whole, whole * 2))) == BAD_SIGNATURE


def test_it_is_not_filled_up_by_namespaces_that_repeat(lab: World) -> None:
    text, many = plain(), "<x:a/>" * 8_000
    long = text.replace("<ds:SignedInfo ", f'<ds:SignedInfo xmlns:x="{"u" * 9_000}" ').replace(
        "<ds:CanonicalizationMethod ", f"{many}<ds:CanonicalizationMethod "
    )
    short = long.replace("u" * 9_000, "u")
    for hostile in (long, short):
        assert refusal(encoded(hostile))[0] == "InvalidIdentityToken"
    with pytest.raises(Unsigned, match="namespace"):
        xml_signature.parse(long.encode())


def test_it_takes_nothing_that_has_no_canonical_form(lab: World) -> None:
    text = plain().replace("<saml:AttributeStatement>", '<saml:AttributeStatement xmlns:x="relative"><x:a/>')
    assert refusal(encoded(text)) == BAD_SIGNATURE
    text = plain().replace("<ds:SignedInfo ", '<ds:SignedInfo xmlns:x="relative" ')
    assert refusal(encoded(text)) == BAD_SIGNATURE


def test_it_reads_a_name_whole_where_a_comment_cuts_it(lab: World) -> None:
    """Comments are not signed: whoever puts one in must not become somebody else."""
    text = plain().replace("dana@school.example", "dana@school<!-- -->.example")
    assert assume(encoded(text))["Subject"] == assertions.SUBJECT
    text = plain().replace("<ds:DigestValue>", "<ds:DigestValue><!-- x -->")
    assert assume(encoded(text))["Subject"] == assertions.SUBJECT


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>',
    ],
    ids=["type", "file", "address", "bomb"],
)
def test_it_takes_no_document_type(lab: World, prolog: str) -> None:
    assert refusal(encoded(prolog + plain()))[0] == "InvalidIdentityToken"
    assert refusal(base64.b64encode((prolog + plain()).encode("utf-16")).decode())[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("text", ["abcd", "!!!!", "PHg+", encoded("<x/>"), encoded("<a>" * 9_000), encoded("\x00<x/>")])
def test_it_takes_nothing_that_is_no_response(lab: World, text: str) -> None:
    assert refusal(text)[0] == "InvalidIdentityToken"


@pytest.mark.parametrize(
    ("fact", "code", "message"),
    [
        ({"issuer": "https://other.example.com"}, "InvalidIdentityToken", "Issuer not present in specified provider"),
        ({"audience": ""}, "InvalidIdentityToken", "Response does not contain the required audience."),
        (
            {
                "audience": "<saml:AudienceRestriction><saml:Audience>https://other</saml:Audience></saml:AudienceRestriction>"
            },
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        (
            {"audience": Facts(timezone.now()).audience + "<saml:AudienceRestriction/>"},
            "InvalidIdentityToken",
            "Response does not contain the required audience.",
        ),
        ({"recipient": "https://other.example.com/saml"}, "InvalidIdentityToken", "The SAML assertion names no recip"),
        ({"recipient": f"{assertions.SIGN_IN}.evil.example"}, "InvalidIdentityToken", "The SAML assertion names no r"),
        ({"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"}, "InvalidIdentityToken", "The SAML assertion na"),
        ({"not_after": -1}, "ExpiredTokenException", "The SAML assertion has expired."),
        ({"confirmed_until": -1}, "ExpiredTokenException", "The SAML assertion has expired."),
        ({"issued": -302}, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"),
        ({"session_until": -1}, "ExpiredTokenException", "The session of the SAML assertion has ended."),
        ({"not_before": 120}, "InvalidIdentityToken", "The SAML assertion is not valid yet."),
        ({"issued": 120}, "InvalidIdentityToken", "The SAML assertion was issued in the future."),
        ({"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"}, "IDPRejectedClaim", "The identity provider rep"),
        ({"subject": ""}, "InvalidIdentityToken", "NameID is required in AuthnResponse"),
        ({"attributes": {f"{OWN}Role": []}}, "InvalidIdentityToken", "Your request included an invalid SAML response"),
        ({"attributes": {f"{OWN}RoleSessionName": []}}, "InvalidIdentityToken", "RoleSessionName is required in Aut"),
        ({"attributes": {f"{OWN}RoleSessionName": ["a b"]}}, "InvalidIdentityToken", "RoleSessionName in AuthnRespon"),
        ({"attributes": {f"{OWN}SourceIdentity": ["aws:x"]}}, "InvalidIdentityToken", "Source Identity must match ["),
        ({"attributes": {f"{OWN}PrincipalTag:a": ["1", "2"]}}, "InvalidIdentityToken", "The session tags in the SAML"),
        ({"attributes": {f"{OWN}TransitiveTagKeys": ["a"]}}, "InvalidParameterValue", "The specified transitive tag"),
        ({"attributes": {f"{OWN}Role": ["x,y"]}}, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"),
    ],
    ids=str,
)
def test_it_takes_no_assertion_for_others_or_other_times(
    lab: World, fact: dict[str, Any], code: str, message: str
) -> None:
    found = refusal(assertions.whole(timezone.now(), **fact))
    assert found[0] == code and found[1].startswith(message)


@pytest.mark.parametrize(
    "value",
    [
        f"{assertions.PROVIDER_ARN},{assertions.ROLE_ARN}",
        f" {assertions.ROLE_ARN} , {assertions.PROVIDER_ARN} ",
    ],
)
def test_it_reads_role_and_provider_in_either_order(lab: World, value: str) -> None:
    assume(assertions.whole(timezone.now(), attributes={f"{OWN}Role": ["x,y", value]}))


@pytest.mark.parametrize(
    "address",
    ["https://us-east-1.signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml/acs/SAMLSP5UUW7EXAMPLE"],
)
def test_it_takes_the_addresses_of_all_regions(lab: World, address: str) -> None:
    audience = (
        "<saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>"
    )
    answer = assume(assertions.whole(timezone.now(), recipient=address, audience=audience))
    assert answer["Audience"] == address


def test_it_ends_when_the_providers_session_ends(lab: World) -> None:
    session = session_of(assume(assertions.whole(timezone.now(), session_until=1_200)))
    assert 1_195 <= session.expires_at - session.issued_at <= 1_200
    session = session_of(assume(assertions.whole(timezone.now(), session_until=9_000), DurationSeconds=900))
    assert session.expires_at - session.issued_at == 900


def test_it_keeps_to_the_roles_longest_session(lab: World) -> None:
    code, message = refusal(assertions.whole(timezone.now()), DurationSeconds=7_200)
    assert (code, "MaxSessionDuration" in message) == ("ValidationError", True)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("saml:aud", assertions.SIGN_IN),
        ("saml:iss", assertions.ISSUER),
        ("saml:sub", assertions.SUBJECT),
        ("saml:sub_type", "persistent"),
        ("saml:doc", f"{ACCOUNT_ID}/school"),
        ("saml:edupersonorgdn", "ou=lab"),
        ("sts:RoleSessionName", "dana"),
    ],
)
def test_it_lets_the_trust_policy_ask_for_what_the_assertion_says(lab: World, key: str, value: str) -> None:
    for name, wanted in (("open", value), ("shut", "other")):
        role = assertions.make_role(lab.system, name, StringEquals={key: wanted})
        more = {f"{OWN}Role": [f"{role},{assertions.PROVIDER_ARN}"], "urn:oid:1.3.6.1.4.1.5923.1.1.1.3": ["ou=lab"]}
        text = assertions.whole(timezone.now(), attributes=more)
        if name == "open":
            assume(text, RoleArn=role)
        else:
            assert refusal(text, RoleArn=role) == DENIED


def test_it_makes_lists_of_attributes_that_may_have_several_values(lab: World) -> None:
    several = {"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["student", "staff"]}
    for name, wanted in (("open", "staff"), ("shut", "alumni")):
        condition = {"ForAnyValue:StringEquals": {"saml:eduPersonAffiliation": wanted}}
        role = assertions.make_role(lab.system, name, **condition)
        more = {f"{OWN}Role": [f"{role},{assertions.PROVIDER_ARN}"], **several}
        text = assertions.whole(timezone.now(), attributes=more)
        if name == "open":
            assume(text, RoleArn=role)
        else:
            assert refusal(text, RoleArn=role) == DENIED


def test_it_carries_tags_and_a_source_identity(lab: World) -> None:
    more = {
        f"{OWN}PrincipalTag:team": ["blue"],
        f"{OWN}TransitiveTagKeys": ["team"],
        f"{OWN}SourceIdentity": ["dana"],
    }
    answer = assume(assertions.whole(timezone.now(), attributes=more))
    session = session_of(answer)
    assert (session.tags, session.transitive, session.source_identity) == ((("team", "blue"),), ("team",), "dana")
    assert (answer["SourceIdentity"], answer["PackedPolicySize"] > 0) == ("dana", True)


def test_it_asks_whether_tags_may_be_passed(lab: World) -> None:
    role = assertions.make_role(lab.system, "plain", StringEquals={"aws:RequestTag/team": "green"})
    more = {f"{OWN}PrincipalTag:team": ["blue"], f"{OWN}Role": [f"{role},{assertions.PROVIDER_ARN}"]}
    assert refusal(assertions.whole(timezone.now(), attributes=more), RoleArn=role) == DENIED


def test_it_hides_whether_a_role_is_there(lab: World) -> None:
    do(lab.system, "CreateRole", RoleName="closed", AssumeRolePolicyDocument=trust(AWS=ACCOUNT_ID))
    for name in ("closed", "missing"):
        role = f"arn:aws:iam::{ACCOUNT_ID}:role/{name}"
        more = {f"{OWN}Role": [f"{role},{assertions.PROVIDER_ARN}"]}
        assert refusal(assertions.whole(timezone.now(), attributes=more), RoleArn=role) == DENIED


def test_it_asks_the_roles_own_account_for_the_provider(lab: World) -> None:
    text = assertions.whole(timezone.now())
    missing = ("InvalidIdentityToken", "Specified provider doesn't exist.")
    assert refusal(text, RoleArn=assertions.ROLE_ARN.replace(ACCOUNT_ID, lab.charlie.account_id)) == missing
    assert refusal(text, PrincipalArn=f"{assertions.PROVIDER_ARN}s") == missing
    assert refusal(text, PrincipalArn=assertions.ROLE_ARN)[0] == "ValidationError"


def test_it_takes_nothing_of_a_provider_whose_metadata_has_expired(lab: World) -> None:
    past = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d")
    renewed = {"SAMLProviderArn": assertions.PROVIDER_ARN, "SAMLMetadataDocument": papers.metadata(past)}
    do(lab.system, "UpdateSAMLProvider", **renewed)
    assert "has expired" in refusal(assertions.whole(timezone.now()))[1]


@pytest.fixture
def sealed(world: World) -> World:
    """The provider encrypts for the second key, and nothing else is taken."""
    more = {"AddPrivateKey": papers.private_pem("second"), "AssertionEncryptionMode": "Required"}
    assertions.make_provider(world.system, **more)
    assertions.make_role(world.system)
    return world


@pytest.mark.parametrize("cipher", ["aes128-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"])
def test_it_opens_encrypted_assertions(sealed: World, cipher: str) -> None:
    inside = encrypted(signed(assertions.assertion(facts())), cipher=cipher)
    assert assume(encoded(response(facts(), inside)))["Subject"] == assertions.SUBJECT
    inside = encrypted(assertions.assertion(facts()), cipher=cipher)
    assert assume(encoded(signed(response(facts(), inside))))["Subject"] == assertions.SUBJECT


def test_it_takes_no_unsigned_secret(sealed: World) -> None:
    """Whoever has the certificate can encrypt: only a signature tells who did."""
    assert refusal(encoded(response(facts(), encrypted(assertions.assertion(facts()))))) == BAD_SIGNATURE


def test_it_takes_no_plain_assertion_where_encryption_is_required(sealed: World) -> None:
    assert refusal(assertions.whole(timezone.now()))[1] == "The SAML assertion must be encrypted."


def test_it_says_the_same_of_all_that_does_not_open(sealed: World) -> None:
    good = encrypted(signed(assertions.assertion(facts())))
    tail = good.rindex("</xenc:CipherValue>")
    bad = [
        encrypted(signed(assertions.assertion(facts())), key="first"),
        good[: tail - 24] + good[tail:],
        good.replace("rsa-oaep-mgf1p", "rsa-1_5"),
        good.replace("aes256-cbc", "tripledes-cbc"),
        encrypted("<not-closed>"),
        good.replace("</saml:EncryptedAssertion>", "<xenc:EncryptedData xmlns:xenc='x'/></saml:EncryptedAssertion>", 1)
        .replace("<xenc:CipherData>", "<xenc:Other>")
        .replace("</xenc:CipherData>", "</xenc:Other>"),
    ]
    for inside in bad:
        message = refusal(encoded(response(facts(), inside)))[1]
        assert message == "The SAML assertion could not be decrypted."

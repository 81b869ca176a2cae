"""SAML providers: made from their metadata, shown, listed, renewed, deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, InvalidInput, LimitExceeded, NoSuchEntity
from iamconsole.operations.ids import letters
from iamconsole.operations.registry import Result, operation
from iamconsole.operations.secrets import Secret
from identities import propagation, saml, saml_keys
from identities.models import SamlKey, SamlProvider, Tags
from identities.operations.refusals import no_identity_center
from identities.queries_providers import find_saml
from identities.quotas import QUOTAS, leave_room
from identities.tags import EXACT, as_given, by_key, checked
from identities.targets_providers import all_of, new_saml_target, provider_context, saml_target

# AWS gives a provider whose metadata names no end a hundred years.
CENTURY = timedelta(days=36_525)


@operation("iam:CreateSAMLProvider", resource=new_saml_target, context=provider_context)
def create_saml_provider(
    call: Call,
    *,
    name: str,
    saml_metadata_document: str,
    tags: Tags | None = None,
    assertion_encryption_mode: str = "",
    add_private_key: Secret | None = None,
    context_provider: object = None,
    identity_center_instance_arn: str | None = None,
) -> Result:
    """Create a SAML identity provider from its metadata document."""
    no_identity_center(identity_center_instance_arn)
    if SamlProvider.objects.of(call.account_id).filter(name__iexact=name).exists():
        raise EntityAlreadyExists(f"Provider with name {name} already exists.")
    leave_room("SAMLProvidersPerAccount", SamlProvider.objects.of(call.account_id).count())
    provider = SamlProvider(pk=letters(32), account_id=call.account_id, name=name, created_at=call.now)
    provider.tags, provider.context_provider = checked(tags, EXACT), propagation.checked(context_provider)
    _describe(provider, saml_metadata_document, call.now)
    provider.save(force_insert=True)
    if add_private_key is not None:
        _add_key(provider, add_private_key, call.now)
    _encrypt(provider, assertion_encryption_mode)
    return {"SAMLProviderArn": provider.arn, **as_given(provider.tags)}


@operation("iam:GetSAMLProvider", resource=saml_target)
def get_saml_provider(call: Call, *, saml_provider_arn: str) -> Result:
    """Show a SAML provider with its metadata document."""
    provider = find_saml(call.account_id, saml_provider_arn)
    keys = [{"KeyId": key.pk, "Timestamp": key.created_at} for key in provider.keys.order_by("created_at", "pk")]
    return {
        "SAMLProviderUUID": provider.pk,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created_at,
        "ValidUntil": provider.valid_until,
        "AssertionEncryptionMode": provider.encryption or "Allowed",
        "PrivateKeyList": keys,
        **propagation.shown(provider.context_provider),
        "Tags": by_key(provider.tags, EXACT),
    }


@operation("iam:ListSAMLProviders", resource=all_of("saml-provider"))
def list_saml_providers(call: Call) -> Result:
    """List the SAML providers of the account."""
    providers = SamlProvider.objects.of(call.account_id).defer("metadata").order_by("name")
    return {"SAMLProviderList": [_listed(provider) for provider in providers]}


@operation("iam:UpdateSAMLProvider", resource=saml_target, context=propagation.enabling)
def update_saml_provider(
    call: Call,
    *,
    saml_provider_arn: str,
    saml_metadata_document: str | None = None,
    assertion_encryption_mode: str = "",
    add_private_key: Secret | None = None,
    remove_private_key: str | None = None,
    context_provider: object = None,
    identity_center_instance_arn: str | None = None,
    remove_context_provider: bool = False,
    remove_identity_center_instance: bool = False,
) -> Result:
    """Replace the metadata document of a SAML provider, or its encryption keys."""
    no_identity_center(identity_center_instance_arn, remove_identity_center_instance)
    provider = find_saml(call.account_id, saml_provider_arn)
    if not context_provider and not remove_context_provider:
        _need_one_change(saml_metadata_document, assertion_encryption_mode, add_private_key, remove_private_key)
    kept = propagation.replaced(provider.context_provider, context_provider, remove=remove_context_provider)
    if kept != provider.context_provider:
        provider.context_provider = kept
        provider.save(update_fields=["context_provider"])
    if saml_metadata_document is not None:
        _describe(provider, saml_metadata_document, call.now)
        provider.save()
    if remove_private_key is not None:
        _remove_key(provider, remove_private_key)
    if add_private_key is not None:
        _add_key(provider, add_private_key, call.now)
    _encrypt(provider, assertion_encryption_mode or provider.encryption)
    return {"SAMLProviderArn": provider.arn}


@operation("iam:DeleteSAMLProvider", resource=saml_target)
def delete_saml_provider(call: Call, *, saml_provider_arn: str) -> Result:
    """Delete a SAML provider; roles that trust it keep its ARN and can no longer be assumed through it."""
    find_saml(call.account_id, saml_provider_arn).delete()
    return {}


def _need_one_change(metadata: str | None, mode: str, added: Secret | None, removed: str | None) -> None:
    if added is not None and removed is not None:
        raise InvalidInput(
            "Unable to add and remove private keys in the same request. Set a value for only one of the two parameters."
        )
    if metadata is None and not mode and added is None and removed is None:
        raise InvalidInput(
            "Unable to update identity provider. No updates are defined for metadata or encryption assertion."
        )


def _describe(provider: SamlProvider, document: str, now: datetime) -> None:
    try:
        metadata = saml.read(document)
    except saml.BadMetadata:
        raise InvalidInput("Could not parse metadata") from None
    provider.metadata, provider.valid_until = document, metadata.valid_until or now + CENTURY


def _add_key(provider: SamlProvider, key: Secret, now: datetime) -> None:
    if provider.keys.count() >= QUOTAS["PrivateKeysPerSAMLProvider"]:
        raise LimitExceeded(f"Private key limit of {QUOTAS['PrivateKeysPerSAMLProvider']} is reached.")
    try:
        parsed = load_pem_private_key(key.reveal().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Without the cause: its text could quote the key.
        raise InvalidInput("Invalid private key.") from None
    if not isinstance(parsed, RSAPrivateKey):
        raise InvalidInput("Invalid private key.")
    row = SamlKey(pk=letters(32), account_id=provider.account_id, provider=provider, created_at=now)
    row.sealed_key = saml_keys.sealed(key, row.pk, provider.account_id)
    row.save(force_insert=True)


def _remove_key(provider: SamlProvider, key_id: str) -> None:
    if not provider.keys.filter(pk=key_id).delete()[0]:
        raise NoSuchEntity("Failed to remove private key because the Key ID does not match a private key.")


def _encrypt(provider: SamlProvider, mode: str) -> None:
    if mode and not provider.keys.exists():
        raise InvalidInput(f"Unable to set assertion encryption mode to {mode} because no private key is provided.")
    if mode != provider.encryption:
        provider.encryption = mode
        provider.save(update_fields=["encryption"])


def _listed(provider: SamlProvider) -> Result:
    return {"Arn": provider.arn, "ValidUntil": provider.valid_until, "CreateDate": provider.created_at}

"""A new access key on its way to the one page that shows it: sealed in the session, taken out once."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import dataclass, field

from accounts.http import ConsoleRequest
from accounts.views.own import Owner
from iamconsole.operations.door import ask, perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal

KEY = "new_access_key"


@dataclass(frozen=True)
class NewKey:
    """A key with its secret, for this one page; `problem` says why its description was not kept."""

    id: str
    secret: str = field(repr=False)
    file_name: str
    csv_url: str = field(repr=False)
    problem: str


def make(request: ConsoleRequest, owner: Owner, description: str) -> None:
    """Create the key and keep it for the next page."""
    made = perform(request.caller, "iam:CreateAccessKey", owner.optional)["AccessKey"]
    assert isinstance(made, dict)
    key_id, secret = str(made["AccessKeyId"]), made["SecretAccessKey"]
    assert isinstance(secret, Secret)
    problem = _describe(request, owner, key_id, description)
    sealed = seal(secret, _place(key_id))
    request.session[KEY] = {"id": key_id, "sealed": sealed, "owner": owner.named, "problem": problem}


def take(request: ConsoleRequest, owner: Owner) -> NewKey | None:
    """The key made just now; None the second time."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept["owner"] != owner.named:
        return None
    del request.session[KEY]
    try:
        secret = unseal(kept["sealed"], _place(kept["id"])).reveal()
    except SealBroken:
        return None
    for_root = owner.caller.is_root and not owner.named
    name = "rootkey.csv" if for_root else f"{owner.shown}_accessKeys.csv"
    return NewKey(kept["id"], secret, name, _csv_url(kept["id"], secret), kept["problem"])


def is_active(request: ConsoleRequest, owner: Owner, key_id: str) -> bool:
    """Whether the key works, as far as the caller may know; the operation itself does not ask."""
    keys = ask(request.caller, "iam:ListAccessKeys", owner.optional).result.get("AccessKeyMetadata", [])
    assert isinstance(keys, list)
    return any(key["AccessKeyId"] == key_id and key["Status"] == "Active" for key in keys)


def _describe(request: ConsoleRequest, owner: Owner, key_id: str, description: str) -> str:
    """Keep the description as AWS does: a tag of the user under the key's id. The key stands even if that fails."""
    if not description:
        return ""
    tags = [{"Key": key_id, "Value": description}]
    try:
        perform(request.caller, "iam:TagUser", {**owner.required, "Tags": tags})
    except ApiError as error:
        return error.message
    return ""


def _csv_url(key_id: str, secret: str) -> str:
    """The file as a data address: downloaded without the secret being asked for, or kept, a second time."""
    text = io.StringIO()
    csv.writer(text).writerows([("Access key ID", "Secret access key"), (key_id, secret)])
    return f"data:text/csv;base64,{base64.b64encode(text.getvalue().encode()).decode()}"


def _place(key_id: str) -> str:
    return f"new_access_key|{key_id}"

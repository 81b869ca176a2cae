"""Who asks, and how the Principal and NotPrincipal elements name them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from policies.engine import arn

_ACCOUNT = re.compile(r"[0-9]{12}")
_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")
# A web identity provider under the name of a service.
_COGNITO = "cognito-identity.amazonaws.com"
_SERVICE_ROLE_NAME = "AWSServiceRoleFor"
_SERVICE_ROLE_PATH = "role/aws-service-role/"


class PrincipalKind(Enum):
    """The kinds of callers that policies tell apart."""

    ROOT = "root"
    USER = "user"
    ROLE_SESSION = "role-session"
    FEDERATED_USER = "federated-user"
    SERVICE = "service"
    FEDERATED = "federated"
    ANONYMOUS = "anonymous"

    # Members compare by identity, so they may hash by it: the inherited hash is slow Python code.
    __hash__ = object.__hash__


class Way(Enum):
    """How a resource policy reaches the caller; it decides which other policies must agree."""

    DIRECT = "direct"
    ROLE = "role"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Principal:
    """A caller; `arn` is the session's own for a role session, and the bare name for a service or web provider."""

    kind: PrincipalKind
    arn: str
    account_id: str
    unique_id: str = ""
    role_arn: str = ""
    user_arn: str = ""
    service_linked: bool = False
    canonical_id: str = ""

    @classmethod
    def from_arn(cls, text: str) -> Principal:
        """The caller that a text names: an ARN, a service principal, a federated provider, or `anonymous`."""
        if text in ("anonymous", "*"):
            return cls(PrincipalKind.ANONYMOUS, "anonymous", "")
        parts = arn.split(text)
        if parts is None:
            return _without_arn(text)
        return _from_parts(text, parts[1], parts[4], parts[5])


def _without_arn(text: str) -> Principal:
    if _ACCOUNT.fullmatch(text):
        return Principal(PrincipalKind.ROOT, f"arn:aws:iam::{text}:root", text)
    web = text == _COGNITO or not text.split("/")[0].endswith(_SERVICES)
    return Principal(PrincipalKind.FEDERATED if web else PrincipalKind.SERVICE, text, "")


def _from_parts(text: str, partition: str, account: str, resource: str) -> Principal:
    kind, _, name = resource.partition("/")
    if resource == "root":
        return Principal(PrincipalKind.ROOT, text, account)
    if kind == "assumed-role":
        role = name.partition("/")[0]
        linked = role.startswith(_SERVICE_ROLE_NAME)
        role_arn = f"arn:{partition}:iam::{account}:role/{role}"
        return Principal(PrincipalKind.ROLE_SESSION, text, account, role_arn=role_arn, service_linked=linked)
    if kind == "role":
        linked = resource.startswith(_SERVICE_ROLE_PATH)
        return Principal(PrincipalKind.ROLE_SESSION, text, account, role_arn=text, service_linked=linked)
    if kind == "federated-user":
        # The session's ARN does not tell who called GetFederationToken; the same name is all there is to go by.
        user_arn = f"arn:{partition}:iam::{account}:user/{name}"
        return Principal(PrincipalKind.FEDERATED_USER, text, account, user_arn=user_arn)
    if kind in ("saml-provider", "oidc-provider"):
        return Principal(PrincipalKind.FEDERATED, text, account)
    return Principal(PrincipalKind.USER, text, account)


_IN_AN_ACCOUNT = frozenset(
    {PrincipalKind.ROOT, PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER}
)


class Form(Enum):
    """What an entry of a Principal element names."""

    EVERYONE = "everyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "session"
    UNIQUE_ID = "unique id"
    SERVICE = "service"
    PROVIDER = "provider"
    CANONICAL = "canonical user"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the element, understood."""

    raw: str
    form: Form
    account: str = ""
    name: str = ""

    def way(self, caller: Principal) -> Way | None:
        """How it names this caller, or None."""
        kind = caller.kind
        match self.form:
            case Form.EVERYONE:
                return Way.DIRECT
            case Form.ACCOUNT if kind in _IN_AN_ACCOUNT and caller.account_id == self.account:
                return Way.DIRECT if kind is PrincipalKind.ROOT else Way.ACCOUNT
            case Form.USER if kind is PrincipalKind.USER and caller.arn == self.raw:
                return Way.DIRECT
            case Form.USER if kind is PrincipalKind.FEDERATED_USER and caller.user_arn == self.raw:
                return Way.ROLE
            case Form.ROLE if kind is PrincipalKind.ROLE_SESSION and self._is_role_of(caller):
                return Way.ROLE
            case Form.CANONICAL if caller.canonical_id == self.raw != "":
                return Way.ACCOUNT
            case _:
                return Way.DIRECT if self._is(caller) else None

    def _is_role_of(self, caller: Principal) -> bool:
        return caller.account_id == self.account and arn.name_of(caller.role_arn) == self.name

    def _is(self, caller: Principal) -> bool:
        match self.form:
            case Form.SESSION:
                return caller.kind in _IN_AN_ACCOUNT and caller.arn == self.raw
            case Form.UNIQUE_ID:
                return caller.unique_id.partition(":")[0] == self.raw != ""
            case Form.SERVICE:
                return caller.kind is PrincipalKind.SERVICE and caller.arn == self.raw
            case Form.PROVIDER:
                return caller.kind is PrincipalKind.FEDERATED and caller.arn == self.raw
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Principals:
    """The whole element; `negated` for NotPrincipal."""

    entries: tuple[Entry, ...]
    negated: bool

    @property
    def everyone(self) -> bool:
        return any(entry.form is Form.EVERYONE for entry in self.entries)

    def way(self, caller: Principal, *, deny: bool, bounded: bool) -> Way | None:
        """How the element reaches the caller; `bounded` says that a permissions boundary limits them."""
        if not self.negated:
            return self._nearest(caller)
        if deny:
            return Way.DIRECT if bounded or not self.exempts(caller) else None
        return Way.DIRECT if self._nearest(caller) is None else None

    def _nearest(self, caller: Principal) -> Way | None:
        ways = {entry.way(caller) for entry in self.entries}
        return next((way for way in Way if way in ways), None)

    def exempts(self, caller: Principal) -> bool:
        """Whether NotPrincipal lists every link of the caller's chain: account, role of a session, and itself."""
        return self.everyone or all(any(link(entry) for entry in self.entries) for link in _links(caller))

    def partly_exempts(self, caller: Principal) -> bool:
        """Whether it lists some link but not all: AWS services differ there, and the engine denies."""
        return self.negated and not self.exempts(caller) and self._nearest(caller) is not None


_Link = Callable[[Entry], bool]


def _links(caller: Principal) -> list[_Link]:
    links: list[_Link] = []
    if caller.kind in _IN_AN_ACCOUNT:
        links.append(lambda entry: entry.form is Form.ACCOUNT and entry.account == caller.account_id)
    if caller.kind is PrincipalKind.ROLE_SESSION:
        links.append(lambda entry: entry.form in (Form.ROLE, Form.UNIQUE_ID) and entry.way(caller) is not None)
    if caller.kind is not PrincipalKind.ROOT and caller.arn != caller.role_arn:
        links.append(lambda entry: _is_leaf(entry, caller))
    return links


def _is_leaf(entry: Entry, caller: Principal) -> bool:
    if caller.kind is PrincipalKind.ROLE_SESSION and entry.form is Form.UNIQUE_ID:
        return False
    return entry.way(caller) is Way.DIRECT


def compile_principals(values: list[tuple[str, str]], *, negated: bool) -> Principals:
    """Compile (type, value) pairs; a bare `*` is written as ("AWS", "*")."""
    return Principals(tuple(_entry(kind, value) for kind, value in values), negated)


_OTHER_TYPES = {"Service": Form.SERVICE, "Federated": Form.PROVIDER, "CanonicalUser": Form.CANONICAL}
_BY_RESOURCE = {"user": Form.USER, "role": Form.ROLE, "assumed-role": Form.SESSION, "federated-user": Form.SESSION}


def _entry(kind: str, value: str) -> Entry:
    if kind != "AWS":
        return Entry(value, _OTHER_TYPES.get(kind, Form.NOBODY))
    if value == "*":
        return Entry(value, Form.EVERYONE)
    if _ACCOUNT.fullmatch(value):
        return Entry(value, Form.ACCOUNT, value)
    parts = arn.split(value)
    if parts is None:
        return Entry(value, Form.UNIQUE_ID)
    if parts[5] == "root":
        return Entry(value, Form.ACCOUNT, parts[4])
    form = _BY_RESOURCE.get(parts[5].partition("/")[0], Form.NOBODY)
    return Entry(value, form, parts[4], arn.name_of(value))

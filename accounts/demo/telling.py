"""A story made real: every object through the door, as the installation itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.caller import system_caller
from accounts.demo.cards import Card
from accounts.demo.story import AccountStory, GroupStory, Person, PolicyStory, RoleStory
from iamconsole.operations import door
from iamconsole.operations.secrets import Secret
from identities import passwords, totp
from identities.models import MfaDevice


def tell(story: AccountStory) -> list[Card]:
    """Make the account and all in it; the cards of those who can sign in, root first."""
    return _Telling(story).all()


@dataclass
class _Telling:
    story: AccountStory
    cards: list[Card] = field(default_factory=list)

    def all(self) -> list[Card]:
        self._account()
        for policy in self.story.policies:
            self._policy(policy)
        for group in self.story.groups:
            self._group(group)
        for person in self.story.people:
            self._person(person)
        for role in self.story.roles:
            self._role(role)
        return self.cards

    def _do(self, verb: str, **inputs: object) -> Mapping[str, object]:
        service = "iamconsole" if verb == "CreateAccount" else "iam"
        return door.perform(system_caller(self.story.id), f"{service}:{verb}", inputs)

    def _arn(self, policy: str) -> str:
        """A policy given as ARN, or by the name it has in the story."""
        for own in self.story.policies:
            if own.name == policy:
                return f"arn:aws:iam::{self.story.id}:policy{own.path}{own.name}"
        return policy

    def _account(self) -> None:
        password = passwords.generate(16)
        self._do(
            "CreateAccount",
            AccountName=self.story.name,
            Email=self.story.email,
            AccountAlias=self.story.alias,
            RootPassword=password,
        )
        self._card("", password, note="root user: everything is allowed")

    def _policy(self, policy: PolicyStory) -> None:
        self._do(
            "CreatePolicy",
            PolicyName=policy.name,
            Path=policy.path,
            PolicyDocument=policy.text,
            Description=policy.description,
            **_tags(policy.tags),
        )
        if policy.revised:
            arn = self._arn(policy.name)
            self._do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=policy.revised, SetAsDefault=True)

    def _group(self, group: GroupStory) -> None:
        self._do("CreateGroup", GroupName=group.name, Path=group.path)
        self._permissions("Group", group.name, group.policies, group.inline)

    def _person(self, person: Person) -> None:
        self._do(
            "CreateUser",
            UserName=person.name,
            Path=person.path,
            **_tags(person.tags),
            **self._boundary(person.boundary),
        )
        for group in person.groups:
            self._do("AddUserToGroup", GroupName=group, UserName=person.name)
        self._permissions("User", person.name, person.policies, person.inline)
        if person.key:
            self._do("CreateAccessKey", UserName=person.name)
        if person.console:
            self._console(person)

    def _console(self, person: Person) -> None:
        password = passwords.generate(16)
        self._do(
            "CreateLoginProfile", UserName=person.name, Password=password.reveal(), PasswordResetRequired=person.new
        )
        seed = self._mfa(person.name).reveal() if person.mfa else ""
        self._card(person.name, password, seed, _note(person))

    def _mfa(self, name: str) -> Secret:
        """An authenticator app whose seed is on the card. The codes used up are of steps before this one."""
        self._do("CreateVirtualMFADevice", VirtualMFADeviceName=name)
        serial = f"arn:aws:iam::{self.story.id}:mfa/{name}"
        seed = totp.seed_of(MfaDevice.objects.of(self.story.id).get(pk=serial))
        step = totp.step_at(timezone.now())
        self._do(
            "EnableMFADevice",
            UserName=name,
            SerialNumber=serial,
            AuthenticationCode1=totp.code_at(seed, step - 2),
            AuthenticationCode2=totp.code_at(seed, step - 1),
        )
        return seed

    def _role(self, role: RoleStory) -> None:
        self._do(
            "CreateRole",
            RoleName=role.name,
            Path=role.path,
            AssumeRolePolicyDocument=role.trusts,
            Description=role.description,
            **_tags(role.tags),
            **self._boundary(role.boundary),
        )
        self._permissions("Role", role.name, role.policies, role.inline)

    def _permissions(self, kind: str, name: str, policies: tuple[str, ...], inline: Mapping[str, str]) -> None:
        who = {f"{kind}Name": name}
        for policy in policies:
            self._do(f"Attach{kind}Policy", **who, PolicyArn=self._arn(policy))
        for policy_name, text in inline.items():
            self._do(f"Put{kind}Policy", **who, PolicyName=policy_name, PolicyDocument=text)

    def _boundary(self, policy: str) -> dict[str, object]:
        return {"PermissionsBoundary": self._arn(policy)} if policy else {}

    def _card(self, user: str, password: Secret, seed: str = "", note: str = "") -> None:
        story = self.story
        self.cards.append(Card(story.id, story.name, story.alias, user, story.email, password.reveal(), seed, note))


def _tags(tags: Mapping[str, str]) -> dict[str, object]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}


def _note(person: Person) -> str:
    """What to expect of this card."""
    if person.new:
        return "must choose a new password"
    return ", ".join(person.groups) or "no group"

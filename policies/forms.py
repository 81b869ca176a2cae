"""Forms of the policies pages. Names and descriptions read their limits from AWS's own service model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.urls import reverse

from iamconsole.operations import inputs
from iamconsole.ui.forms import Choices, JSONEditor, describe
from policies.engine.validate import DocumentKind, MalformedPolicy, policy_size, validate_document

Data = Mapping[str, object] | None
STARTER = """{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Statement1",
            "Effect": "Allow",
            "Action": [],
            "Resource": []
        }
    ]
}"""
NAME_HELP = "Maximum 128 characters. Use alphanumeric and “+=,.@-_” characters."
KIND_NAMES = {DocumentKind.IDENTITY: "identity", DocumentKind.TRUST: "trust"}


class DocumentForm(forms.Form):
    """A policy document in the editor; what AWS would refuse is refused here with its text and the place.

    `quota` is how many characters that are not white space the document may have; 0 leaves that to the operation.
    """

    def __init__(
        self,
        data: Data = None,
        *,
        document: str = STARTER,
        kind: DocumentKind = DocumentKind.IDENTITY,
        quota: int = 0,
        label: str = "Policy document",
    ) -> None:
        super().__init__(data, initial={"document": document})
        self.kind, self.quota = kind, quota
        field = forms.CharField(label=label, widget=_editor(kind, quota, label), strip=False)
        self.fields["document"] = describe(field, wide=True)

    @property
    def text(self) -> str:
        """What is in the editor, right or wrong, with plain line ends."""
        return plain_lines(str(self["document"].value() or ""))

    def clean_document(self) -> str:
        text = plain_lines(self.cleaned_data["document"])
        try:
            validate_document(text, self.kind)
        except MalformedPolicy as problem:
            place = f" (Ln {problem.line}, Col {problem.column})" if problem.line else ""
            raise forms.ValidationError(f"{problem}{place}") from problem
        if self.quota and policy_size(text) > self.quota:
            raise forms.ValidationError(f"Cannot exceed quota for PolicySize: {self.quota}")
        return text


def plain_lines(text: str) -> str:
    """A browser sends a textarea with CR LF; documents are kept with LF."""
    return text.replace("\r\n", "\n")


def _editor(kind: DocumentKind, quota: int, label: str) -> JSONEditor:
    """The editor; it asks for findings as one types."""
    widget = JSONEditor(rows=22, label=label)
    widget.attrs |= {
        "hx-post": reverse("policy-findings", args=[KIND_NAMES[kind], quota]),
        "hx-trigger": "input changed delay:500ms",
        "hx-target": "#findings",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
    }
    return widget


def _name_field(operation: str, member: str = "PolicyName") -> forms.CharField:
    longest = inputs.limits(operation, member).get("max")
    return describe(
        forms.CharField(
            label="Policy name",
            max_length=longest if isinstance(longest, int) else None,
            help_text=NAME_HELP,
            strip=False,
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        ),
        description="Enter a meaningful name to identify this policy.",
    )


class NewPolicyForm(forms.Form):
    """The review step of a new managed policy."""

    def __init__(self, data: Data = None, *, initial: Data = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["name"] = _name_field("iam:CreatePolicy")
        text = "Add a short explanation for this policy. It cannot be changed later."
        self.fields["description"] = describe(
            forms.CharField(
                label="Description",
                required=False,
                max_length=1000,
                widget=forms.Textarea({"rows": 3}),
                help_text="Maximum 1,000 characters.",
            ),
            description=text,
        )


class InlineNameForm(forms.Form):
    """The review step of a new inline policy: it has a name and nothing else."""

    def __init__(self, data: Data = None, *, initial: Data = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["name"] = _name_field("iam:PutUserPolicy")


class NothingMoreForm(forms.Form):
    """The review step that asks nothing."""

    def __init__(self, data: Data = None, *, initial: Data = None) -> None:
        super().__init__(data, initial=dict(initial or {}))


class NewVersionForm(forms.Form):
    """The review step of an edit; `deletable` are (version, text) of which one must go, because five are kept."""

    def __init__(
        self,
        data: Data = None,
        *,
        initial: Data = None,
        deletable: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(data, initial={"set_as_default": True, **(initial or {})})
        if deletable:
            text = "A policy keeps up to five versions. Choose the one that the new version takes the place of."
            self.fields["delete_version"] = describe(
                forms.ChoiceField(label="Version to delete", choices=list(deletable), widget=Choices()),
                description=text,
            )
        self.fields["set_as_default"] = forms.BooleanField(
            label="Set this new version as the default.",
            required=False,
            help_text="The default version is the one in force wherever the policy is attached.",
        )

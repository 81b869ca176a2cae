"""The deletion dialog: opened in the modal by htmx, a whole page without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from iamconsole.ui.forms import ConfirmForm
from iamconsole.ui.htmx import render_page


@dataclass(frozen=True)
class Confirm:
    """A question before something is destroyed; `word` must be typed unless it is empty.

    `action` is where the form is sent (default: the page itself); `hidden` travels along.
    """

    title: str
    text: str
    button: str
    cancel_url: str
    word: str = ""
    label: str = ""
    warning: str = ""
    action: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    breadcrumbs: tuple[tuple[str, str | None], ...] = ()

    def form(self, request: HttpRequest) -> ConfirmForm | None:
        if not self.word:
            return None
        form = ConfirmForm(self.word, request.POST if request.method == "POST" else None)
        if self.label:
            form.fields["confirm"].label = self.label
        return form

    def confirmed(self, request: HttpRequest) -> bool:
        """Whether the form was sent with the right word: the server's own comparison."""
        form = self.form(request)
        return request.method == "POST" and (form is None or form.is_valid())


def confirm_page(request: HttpRequest, dialog: Confirm, error: Exception | str = "") -> HttpResponse:
    """The dialog; after a POST that did not go through it is 422, with the word's or the operation's error."""
    status = 422 if request.method == "POST" else 200
    context: dict[str, object] = {
        "dialog": dialog,
        "form": dialog.form(request),
        "page_title": dialog.title,
        "breadcrumbs": [*dialog.breadcrumbs, (dialog.title, None)],
        "denied": error if hasattr(error, "action") else None,
        "error": "" if hasattr(error, "action") else getattr(error, "message", str(error)),
    }
    return render_page(request, "generic/confirm.html", context, fragment="generic/_confirm.html", status=status)

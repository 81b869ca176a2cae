"""AWS's protocol is answered before the console's files, URLs, sessions and CSRF checks: the two never meet."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from iamconsole.api.views import endpoint, is_for_the_endpoint


def aws_endpoint(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Signed requests, and unsigned STS posts, go to the AWS endpoint; everything else to the console."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return endpoint(request) if is_for_the_endpoint(request.META, request.path) else get_response(request)

    return middleware

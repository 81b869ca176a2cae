"""The WSGI entry point: `gunicorn iamconsole.wsgi:application`."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from iamconsole.api.wsgi import Application


def make() -> Application:
    """The console, with the AWS endpoint before it; that one can be imported once Django is set up."""
    console = get_wsgi_application()
    from iamconsole.api.wsgi import aws_first

    return aws_first(console)


def refuse_wrong_keys() -> None:
    """Better no worker than one that cannot check a single signature; the connection is not for forked workers."""
    from django.db import connections

    from identities.sealed import refuse_wrong_keys as refuse

    refuse()
    connections.close_all()


def settle() -> None:
    """Load what the first calls would load, and take all of it out of the garbage collector's rounds.

    The service models and the catalogue are a million objects that stay: walking them took as long as a call.
    """
    from iamconsole.operations import inputs, registry

    for operation in registry.every():
        inputs.operation_model(operation.name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


# A call makes some thousand objects, nearly all of them gone by reference counting.
YOUNG_OBJECTS = 20_000
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iamconsole.settings")
application = make()
refuse_wrong_keys()
settle()

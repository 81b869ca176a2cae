"""The WSGI entry point: `gunicorn iamconsole.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application


def refuse_wrong_keys() -> None:
    """Better no worker than one that cannot check a single signature; the connection is not for forked workers."""
    from django.db import connections

    from identities.sealed import refuse_wrong_keys as refuse

    refuse()
    connections.close_all()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iamconsole.settings")
application = get_wsgi_application()
refuse_wrong_keys()

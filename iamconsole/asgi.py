"""The ASGI entry point: `an ASGI server on iamconsole.asgi:application`."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iamconsole.settings")
application = get_asgi_application()

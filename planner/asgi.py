"""The site as an ASGI application. WSGI is several times faster here: every view is synchronous."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
application = get_asgi_application()

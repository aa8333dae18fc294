"""The web process. ``KC_PROCESS`` chooses the statement timeout before settings are read."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khuyencong.settings")
os.environ.setdefault("KC_PROCESS", "web")

application = get_wsgi_application()

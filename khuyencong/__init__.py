"""The roof: settings, the URL map, Celery. It composes the apps; none of them imports it."""

from khuyencong.celery import app as celery_app

__all__ = ["celery_app"]

"""Clusters are seen by their own province only; the database says so too."""

from django.db import migrations

from records.walls import by_province, history_wall, province_wall


class Migration(migrations.Migration):
    dependencies = [("clusters", "0001_initial"), ("records", "0001_initial")]
    operations = [
        *province_wall("clusters_cluster"),
        *history_wall("clusters_clusterevent", by_province()),
    ]

"""History of people, offices, posts and keys is written by triggers alone."""

from django.db import migrations

from records.walls import history_wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("records", "0001_initial")]
    operations = [
        *history_wall("accounts_organisationevent"),
        *history_wall("accounts_membershipevent"),
        *history_wall("accounts_delegationevent"),
        *history_wall("accounts_userevent"),
        *history_wall("accounts_apitokenevent"),
    ]

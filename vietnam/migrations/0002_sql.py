"""The rights of the run-time role."""

from django.db import migrations

from vietnam.dbroles import Grant


class Migration(migrations.Migration):
    dependencies = [("vietnam", "0001_initial")]

    operations = [Grant("vietnam", "SELECT")]

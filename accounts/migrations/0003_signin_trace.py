"""Failed sign-ins stay as a trace after the right password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_walls")]
    operations = [
        migrations.AddField(
            model_name="signinattempt",
            name="forgiven",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="signinattempt",
            index=models.Index(fields=["at"], name="accounts_si_at_4f671f_idx"),
        ),
    ]

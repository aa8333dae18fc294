"""How each person wants to hear of each kind of notice: their own rows, read by the workers that tell."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.walls import own_or_system


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="loại")),
                ("bell", models.BooleanField(verbose_name="báo trong cổng")),
                ("digest", models.BooleanField(verbose_name="trong thư tổng hợp")),
                ("mail", models.BooleanField(verbose_name="thư ngay")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lựa chọn nhận thông báo",
                "verbose_name_plural": "lựa chọn nhận thông báo",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="records_noticechoice_once_a_kind")
                ],
            },
        ),
        *own_or_system("records_noticechoice", "user_id"),
    ]

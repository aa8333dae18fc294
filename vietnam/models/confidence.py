from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How well a rule, date or document is known; only SEEN may ever block anybody's work."""

    SEEN = "seen", _("Đã đối chiếu nguồn")
    SINGLE = "single source", _("Chưa kiểm chứng (một nguồn)")
    MEMORY = "memory", _("Chưa kiểm chứng")
    WEAK = "weak memory", _("Chưa kiểm chứng, độ tin cậy thấp")

    @property
    def is_verified(self) -> bool:
        return self is Confidence.SEEN

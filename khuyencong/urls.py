"""The map of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from khuyencong.guide import guide
from khuyencong.health import healthz, readyz
from khuyencong.pieces import pieces
from khuyencong.status import status

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("huong-dan/", guide, name="guide"),
    path("tinh-trang/", status, name="status"),
    path("kieu-dang/", pieces, name="pieces"),
    path("api/v1/", include("khuyencong.api.urls")),
    path("", include("accounts.urls")),
    path("", include("beneficiaries.urls")),
    path("", include("clusters.urls")),
    path("", include("programs.urls")),
    path("", include("reports.urls")),
]

handler400 = "khuyencong.errors.bad_request"
handler403 = "khuyencong.errors.permission_denied"
handler404 = "khuyencong.errors.not_found"
handler500 = "khuyencong.errors.server_error"

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("dang-nhap/", views.SignInView.as_view(), name="sign_in"),
    path("dang-xuat/", views.SignOutView.as_view(), name="sign_out"),
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/mat-khau/", views.change_password, name="change_password"),
    path("tuy-chon/", views.set_preference, name="set_preference"),
    path("bo-loc/", views.view_save, name="view_save"),
    path("bo-loc/<uuid:uuid>/", views.view_change, name="view_change"),
    path("thong-bao/", views.inbox, name="inbox"),
    path("thong-bao/chuong/", views.inbox_bell, name="inbox_bell"),
    path("thong-bao/da-doc/", views.inbox_read, name="inbox_read"),
    path("thong-bao/<uuid:uuid>/mo/", views.inbox_open, name="inbox_open"),
]

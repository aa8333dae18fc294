from django.urls import path

from accounts.views import lending, offices, own, papers, staff

app_name = "accounts"

urlpatterns = [
    path("dang-nhap/", own.SignInView.as_view(), name="sign_in"),
    path("dang-xuat/", own.SignOutView.as_view(), name="sign_out"),
    path("tai-khoan/", own.account, name="account"),
    path("tai-khoan/mat-khau/", own.change_password, name="change_password"),
    path("tuy-chon/", own.set_preference, name="set_preference"),
    path("bo-loc/", own.view_save, name="view_save"),
    path("bo-loc/<uuid:uuid>/", own.view_change, name="view_change"),
    path("thong-bao/", own.inbox, name="inbox"),
    path("thong-bao/chuong/", own.inbox_bell, name="inbox_bell"),
    path("thong-bao/da-doc/", own.inbox_read, name="inbox_read"),
    path("thong-bao/<uuid:uuid>/mo/", own.inbox_open, name="inbox_open"),
    path("co-quan/", offices.office_list, name="office_list"),
    path("co-quan/lap/", offices.office_create, name="office_create"),
    path("co-quan/<uuid:uuid>/", offices.office_detail, name="office_detail"),
    path("co-quan/<uuid:uuid>/sua/", offices.office_edit, name="office_edit"),
    path("co-quan/<uuid:uuid>/dau-van-ban/", offices.office_head, name="office_head"),
    path("co-quan/<uuid:uuid>/so-va-con-dau/", papers.office_papers, name="office_papers"),
    path("co-quan/<uuid:uuid>/so-va-con-dau/mo-so/", papers.register_open, name="register_open"),
    path("co-quan/<uuid:uuid>/so-va-con-dau/so/<int:pk>/", papers.register_begin, name="register_begin"),
    path("co-quan/<uuid:uuid>/so-va-con-dau/con-dau/", papers.seal_record, name="seal_record"),
    path("co-quan/<uuid:uuid>/so-va-con-dau/con-dau/<int:pk>/", papers.seal_end, name="seal_end"),
    path("co-quan/<uuid:uuid>/uy-quyen/", lending.delegation_list, name="delegation_list"),
    path("co-quan/<uuid:uuid>/uy-quyen/<int:pk>/thu-hoi/", lending.post_take_back, name="post_take_back"),
    path("co-quan/<uuid:uuid>/vi-tri/<int:pk>/uy-quyen/", lending.post_lend, name="post_lend"),
    path("co-quan/<uuid:uuid>/them-nguoi/", staff.member_add, name="member_add"),
    path("co-quan/<uuid:uuid>/nguoi/<str:username>/", staff.member_detail, name="member_detail"),
    path("co-quan/<uuid:uuid>/nguoi/<str:username>/vi-tri/", staff.post_give, name="post_give"),
    path("co-quan/<uuid:uuid>/nguoi/<str:username>/vi-tri/<int:pk>/thoi/", staff.post_end, name="post_end"),
    path("co-quan/<uuid:uuid>/nguoi/<str:username>/thoi-viec/", staff.member_leave, name="member_leave"),
    path("co-quan/<uuid:uuid>/nguoi/<str:username>/mat-khau/", staff.member_reset, name="member_reset"),
]

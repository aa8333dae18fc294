"""The activity a title speaks of, by the words that stand before the goods."""

from __future__ import annotations

import pytest

from programs.intake.classify import propose

TITLES = {
    "N1": [
        "Đào tạo nghề may công nghiệp cho 400 lao động",
        "Truyền nghề đan lẵng hoa xuất khẩu",
        "Đào tạo nghề vận hành máy móc thiết bị ngành may",
        "Đào tạo nghề thiết kế mẫu mã hàng mây tre đan",
        "Bồi dưỡng nâng cao tay nghề may",
        "Đào tạo nghề cho lao động tại cụm công nghiệp",
    ],
    "N2.1": [
        "Tập huấn nâng cao năng lực áp dụng sản xuất sạch hơn trong sản xuất công nghiệp",
        "Hội thảo về xử lý ô nhiễm môi trường làng nghề",
        "Đào tạo khởi sự, quản trị doanh nghiệp",
        "Tổ chức đoàn tham quan, khảo sát học tập kinh nghiệm trong nước",
        "Tham quan mô hình trình diễn kỹ thuật tại tỉnh bạn",
    ],
    "N2.2": ["Tham quan, học tập mô hình sản xuất gốm tại Nhật Bản", "Học tập kinh nghiệm ở nước ngoài"],
    "N2.3": ["Hỗ trợ thành lập 05 doanh nghiệp sản xuất CNNT tại địa bàn khó khăn"],
    "N2.4": ["Hỗ trợ xuất khẩu sản phẩm thủ công mỹ nghệ", "Xây dựng website cho HTX mây tre đan"],
    "N3.1": [
        "Xây dựng mô hình trình diễn dây chuyền sản xuất gạch không nung",
        "Mô hình trình diễn ứng dụng máy móc thiết bị tiên tiến",
        "Xây dựng MHTDKT sản xuất bao bì carton",
        "Xây dựng mô hình trình diễn kỹ thuật xử lý nước thải làng nghề",
    ],
    "N3.2": ["Xây dựng mô hình của cơ sở công nghiệp nông thôn đang hoạt động có hiệu quả để nhân rộng"],
    "N3.3": [
        "Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến trong sản xuất bao bì đóng gói sản phẩm",
        "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong dây chuyền sản xuất chè",
        "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất mỹ phẩm mang thương hiệu Việt",
        "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất thiết bị xử lý nước thải",
        "Hỗ trợ ứng dụng hệ thống máy móc thiết bị xử lý nước trong sản xuất nước tinh khiết",
        "Hỗ trợ ứng dụng máy móc thiết bị trong nghề dệt cho 20 lao động",
        "Ứng dụng máy in phun trong sản xuất bao bì đóng gói",
        "Hỗ trợ máy sấy trong chế biến trái cây",
        "HO TRO UNG DUNG MAY MOC THIET BI TIEN TIEN TRONG SAN XUAT GO",
    ],
    "N3.4": ["Hỗ trợ chuyển giao công nghệ và ứng dụng máy móc thiết bị"],
    "N3.5": [
        "Hỗ trợ ứng dụng dây chuyền công nghệ trong sản xuất dăm gỗ",
        "Hỗ trợ dây chuyền công nghệ sản xuất bao bì đóng gói",
        "Đầu tư dây chuyền sản xuất bún khô",
    ],
    "N3.6": ["Đánh giá SXSH cho cơ sở sản xuất giấy", "Mô hình thí điểm áp dụng sản xuất sạch hơn"],
    "N4.1": ["Tổ chức bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh"],
    "N4.1a-nation": ["Tổ chức bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp quốc gia"],
    "N4.2": [
        "Tổ chức hội chợ triển lãm và hỗ trợ các cơ sở CNNT tham gia",
        "Tổ chức hội chợ triển lãm hàng công nghiệp nông thôn tiêu biểu tại Lào Cai",
    ],
    "N4.3": [
        "Tổ chức gian hàng tham gia hội chợ khu vực phía Bắc",
        "Tham gia Hội chợ triển lãm quốc tế tại Thành phố Hồ Chí Minh",
        "Hỗ trợ các cơ sở tham gia hội chợ tại Nga Sơn",
    ],
    "N4.4": ["Hỗ trợ tham gia hội chợ quốc tế tại Đức", "Tổ chức, tham gia hội chợ triển lãm tại nước ngoài"],
    "N4.5": [
        "Xây dựng và đăng ký nhãn hiệu tập thể nem chua",
        "Hỗ trợ xây dựng thương hiệu, thiết kế bao bì",
    ],
    "N4.6": ["Hỗ trợ thiết bị phòng trưng bày, giới thiệu sản phẩm", "Hỗ trợ sản phẩm CNNT lên sàn TMĐT"],
    "N5": ["Thiết kế mẫu mã bao bì", "Hỗ trợ tư vấn ứng dụng công nghệ, thiết bị mới"],
    "N6": [
        "Thông tin tuyên truyền hoạt động khuyến công",
        "Tuyên truyền về sản xuất sạch hơn trên truyền hình",
        "Xuất bản catalogue sản phẩm công nghiệp nông thôn tiêu biểu",
    ],
    "N7.1": ["Hỗ trợ thành lập Hiệp hội ngành nghề thủ công mỹ nghệ tỉnh"],
    "N7.2": ["Hỗ trợ xây dựng cụm liên kết doanh nghiệp công nghiệp"],
    "N7.3": ["Lập quy hoạch chi tiết xây dựng tỷ lệ 1/500 CCN Quý Lộc"],
    "N7.4": ["Hỗ trợ san lấp mặt bằng, đường giao thông nội bộ cụm công nghiệp"],
    "N7.5": ["Xây dựng cơ sở dữ liệu cụm công nghiệp", "Hội nghị xúc tiến đầu tư vào cụm công nghiệp"],
    "N7.6": ["Hỗ trợ xây dựng hệ thống xử lý nước thải tập trung cụm công nghiệp"],
    "N7.7": [
        "Hỗ trợ lắp đặt thiết bị xử lý khí thải cho cơ sở sản xuất gạch",
        "Hỗ trợ xử lý ô nhiễm tại cơ sở CNNT trong cụm công nghiệp",
    ],
    "N7.8": ["Hỗ trợ lãi suất vốn vay cho cơ sở di dời vào cụm công nghiệp"],
    "N8": ["Hợp tác quốc tế, tham quan học tập tại Nhật Bản"],
    "N9": [
        "Tập huấn nghiệp vụ khuyến công cho cán bộ làm công tác khuyến công",
        "Mua sắm trang thiết bị phục vụ công tác khuyến công",
        "Xây dựng chương trình khuyến công giai đoạn 2026-2030",
    ],
    "N9.9": ["Kinh phí quản lý chương trình khuyến công"],
    "N10": ["Hỗ trợ máy móc thiết bị phục vụ chuyển đổi số"],
    "N11": ["Xây dựng mô hình sản xuất và tiêu dùng bền vững"],
}


@pytest.mark.parametrize(("code", "title"), [(code, title) for code in TITLES for title in TITLES[code]])
def test_a_title_names_its_activity(code: str, title: str) -> None:
    assert propose(title) == code


@pytest.mark.parametrize("title", ["Đề án khác", "Hỗ trợ xây dựng nhà xưởng", "Công nghệ thông tin"])
def test_a_title_that_does_not_tell_gets_no_activity(title: str) -> None:
    assert propose(title) is None


def test_the_group_tells_where_the_title_does_not_and_speaks_of_one_kind() -> None:
    assert propose("Đề án của HTX A", ["Ứng dụng máy móc thiết bị tiên tiến"]) == "N3.3"
    assert propose("Đề án của HTX A", ["Mô hình trình diễn; ứng dụng máy móc, dây chuyền"]) is None


def test_a_kind_the_years_catalogue_lacks_gives_its_parent() -> None:
    known = {"N4.1"}.__contains__
    title = "Tổ chức bình chọn sản phẩm công nghiệp nông thôn tiêu biểu khu vực phía Bắc"
    assert propose(title, known=known) == "N4.1"

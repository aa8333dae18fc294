"""Names and goods of the demonstration: invented people and firms, ordinary products.

Every firm is called "Giả Định", "Thử Nghiệm", "Ví Dụ" or "Làm Mẫu" and every person "Giả", "Thử" or "Mẫu",
so that nobody real is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
MIDDLE = ("Giả", "Thử", "Mẫu")
GIVEN = (
    "An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hùng", "Hương", "Khánh", "Lan",
    "Lâm", "Liên", "Linh", "Long", "Mai", "Minh", "Nam", "Ngọc", "Phương", "Quang", "Sơn", "Tâm",
    "Thảo", "Thắng", "Trang", "Tuấn", "Vân",
)  # fmt: skip
FIRM = (
    "An Phú", "Bình Minh", "Cát Tường", "Đại Lộc", "Đông Hưng", "Gia Bảo", "Hải Vân",
    "Hòa Phát Đạt", "Hồng Hà", "Hưng Thịnh", "Khải Hoàn", "Lam Sơn Mới", "Minh Tâm", "Nam Long",
    "Nhật Tân", "Phú Quý", "Phúc Lộc", "Quang Trung Mới", "Sao Khuê", "Sông Xanh", "Tân Tiến",
    "Thành Đạt", "Thiên Phúc", "Trường Sinh", "Việt Hương", "Xuân Mới", "Tây Hồ Mới", "Bảo An",
    "Đức Thành", "Hoa Sen Trắng", "Mai Vàng", "Ngọc Bích", "Đồng Tâm Mới", "Thuận Hòa", "Vạn Xuân",
    "Tam Hưng",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """What a firm makes: words for titles and texts. ``sector`` is a letter of the law's list."""

    name: str
    sector: str
    machines: tuple[str, ...]
    material: str
    output: str
    """Unit of the yearly output."""
    form: str = "Công ty TNHH"


PRODUCTS: tuple[Product, ...] = (
    Product("may công nghiệp", "b", ("Máy may lập trình", "Máy trải vải, cắt tự động", "Máy ép keo"),
            "vải, chỉ, phụ liệu", "nghìn sản phẩm/năm", "Công ty TNHH May"),
    Product("đồ gỗ nội thất", "b",
            ("Máy CNC chạm khắc gỗ 4 đầu", "Máy cưa bàn trượt", "Máy dán cạnh tự động"),
            "gỗ rừng trồng", "bộ/năm", "Công ty TNHH Đồ gỗ"),
    Product("sản phẩm gỗ điêu khắc nghệ thuật", "đ", ("Máy đục vi tính 8 đầu", "Máy chà nhám thùng"),
            "gỗ rừng trồng", "sản phẩm/năm", "Hợp tác xã Mộc mỹ nghệ"),
    Product("nước mắm", "a", ("Hệ thống chiết rót, đóng chai tự động", "Bồn lên men inox", "Máy dán nhãn"),
            "cá cơm", "nghìn lít/năm", "Công ty TNHH Chế biến thủy sản"),
    Product("trái cây sấy", "a",
            ("Máy sấy bơm nhiệt", "Máy sấy thăng hoa", "Máy đóng gói hút chân không"),
            "trái cây tươi", "tấn/năm", "Hợp tác xã Nông sản"),
    Product("kẹo, bánh truyền thống", "a",
            ("Máy nấu kẹo chân không", "Máy gói kẹo tự động", "Lò nướng đối lưu"),
            "đường, nếp, lạc, vừng", "tấn/năm", "Cơ sở Bánh kẹo"),
    Product("chè xanh, chè đen", "a", ("Máy sao chè inox", "Máy vò chè", "Máy tách màu chè"),
            "chè búp tươi", "tấn/năm", "Hợp tác xã Chè"),
    Product("miến dong, bún khô", "a", ("Dây chuyền tráng, cắt miến", "Máy sấy băng tải"),
            "tinh bột dong riềng, gạo", "tấn/năm", "Hợp tác xã Chế biến"),
    Product("chiếu cói, hàng cói mỹ nghệ", "đ", ("Máy dệt chiếu cói", "Máy xe lõi cói", "Máy sấy cói"),
            "cói nguyên liệu", "nghìn sản phẩm/năm", "Hợp tác xã Chiếu cói"),
    Product("mây tre đan xuất khẩu", "đ", ("Máy chẻ nan", "Máy sấy hơi", "Máy chuốt mây"),
            "mây, tre, luồng", "nghìn sản phẩm/năm", "Công ty TNHH Mây tre"),
    Product("gốm sứ mỹ nghệ", "đ", ("Lò nung gas", "Máy nghiền bi", "Máy ép lăn tạo hình"),
            "đất sét, men", "nghìn sản phẩm/năm", "Cơ sở Gốm"),
    Product("viên nén gỗ", "b", ("Máy ép viên nén", "Máy nghiền gỗ", "Hệ thống sấy thùng quay"),
            "mùn cưa, gỗ vụn rừng trồng", "tấn/năm", "Công ty TNHH Năng lượng sinh khối"),
    Product("ván ghép thanh", "b", ("Máy bào 4 mặt", "Máy ghép finger", "Máy ép thủy lực"),
            "gỗ rừng trồng", "m³/năm", "Công ty TNHH Lâm sản"),
    Product("gạch không nung từ bột đá thải", "c", ("Máy ép gạch thủy lực 2 chiều", "Máy trộn cưỡng bức"),
            "bột đá thải, xi măng", "nghìn viên/năm", "Công ty TNHH Vật liệu xây dựng"),
    Product("cấu kiện bê tông đúc sẵn", "c", ("Bàn rung ván khuôn", "Trạm trộn bê tông 60 m³/giờ"),
            "đá, cát nghiền, xi măng", "m³/năm", "Công ty CP Bê tông"),
    Product("phân bón hữu cơ", "c", ("Máy nghiền, trộn liên hoàn", "Máy vê viên", "Máy đóng bao tự động"),
            "phế phụ phẩm nông nghiệp", "tấn/năm", "Công ty TNHH Sinh học"),
    Product("máy nông nghiệp", "d",
            ("Máy cắt laser fiber CNC", "Máy chấn tôn CNC", "Rô bốt hàn 6 trục"),
            "thép tấm, thép hình", "máy/năm", "Công ty TNHH Cơ khí"),
    Product("khuôn mẫu, chi tiết cơ khí chính xác", "d",
            ("Máy phay CNC 5 trục", "Máy tiện CNC", "Máy cắt dây EDM"),
            "thép hợp kim", "nghìn chi tiết/năm", "Công ty TNHH Cơ khí chính xác"),
    Product("dây cáp điện, tủ điện hạ thế", "d",
            ("Máy kéo rút dây đồng", "Máy bọc nhựa PVC", "Máy đột dập CNC"),
            "đồng, nhựa PVC", "km/năm", "Công ty CP Thiết bị điện"),
    Product("ngao, hàu đông lạnh", "a", ("Tủ cấp đông IQF", "Máy hấp băng chuyền", "Kho lạnh 50 tấn"),
            "ngao, hàu nguyên liệu", "tấn/năm", "Công ty CP Thủy sản"),
    Product("gạo chất lượng cao", "a", ("Máy xay xát liên hoàn", "Máy tách màu gạo", "Máy sấy tháp"),
            "lúa", "tấn/năm", "Công ty TNHH Lương thực"),
    Product("cà phê rang xay", "a", ("Máy rang 60 kg/mẻ", "Máy nghiền, đóng gói túi lọc", "Máy bắn màu hạt"),
            "cà phê nhân", "tấn/năm", "Hợp tác xã Cà phê"),
    Product("bao bì giấy, bao bì tự hủy", "b",
            ("Máy in flexo 4 màu", "Máy bế tự động", "Máy dán hộp"),
            "giấy kraft", "nghìn sản phẩm/năm", "Công ty TNHH Bao bì"),
    Product("dược liệu, tinh dầu", "a",
            ("Hệ thống chưng cất tinh dầu", "Máy cô đặc chân không", "Máy dập viên"),
            "cây dược liệu", "nghìn sản phẩm/năm", "Hợp tác xã Dược liệu"),
)  # fmt: skip


def person_name(random: Random) -> str:
    return f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}"


class Names:
    """Firm names, each given once."""

    def __init__(self, random: Random, second_names: Sequence[str]) -> None:
        self._random, self._second_names = random, second_names
        self._taken: set[str] = set()

    def firm(self, product: Product) -> str:
        for _attempt in range(200):
            name = f"{product.form} {self._random.choice(FIRM)} {self._second_name()}"
            if name not in self._taken:
                self._taken.add(name)
                return name
        name = f"{product.form} {self._second_names[0]} {len(self._taken) + 1}"
        self._taken.add(name)
        return name

    def _second_name(self) -> str:
        return self._random.choice(self._second_names) if self._second_names[1:] else self._second_names[0]

    def household(self) -> str:
        name = f"Hộ kinh doanh {person_name(self._random)}"
        while name in self._taken:
            name = f"Hộ kinh doanh {person_name(self._random)}"
        self._taken.add(name)
        return name

"""A province's and the Cục's pages with something on each of them, for the tests that look at every page."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from accounts.models import (
    IssuedNumber,
    OrganisationKind,
    PaperKind,
    PaperRegister,
    RegisterKind,
    SealKind,
    User,
    today,
)
from accounts.numbering import open_register
from accounts.offices import HEAD, Time, set_head
from accounts.roles import Role
from accounts.scope import act_as
from accounts.seals import record_seal
from clusters.models import Cluster
from programs.copying import copy_project
from programs.drafting import DraftValues, create_draft, save_draft
from programs.intake.apply import apply_import
from programs.intake.paper_lists import lists_to_appraise
from programs.intake.stage import stage_workbook
from programs.lifecycle import Purse, Source, State
from programs.models import Gate, Project
from programs.numbering import number_paper
from programs.reforms import verbs
from programs.windows import Dates, set_window
from records import inbox
from records.context import whole_country
from reports import building
from reports.lifecycle import ReportKind, Stage
from reports.workflow import request_report
from tests import cast, money
from tests.carried import begin_portal, confirmed, entered, give_ceiling, papers
from tests.cast import office, person, province
from tests.factories import MILLION, advance_to, claim, make_project, open_tranche, take, tax_code
from tests.programs.intake.books import form_page, machine, xlsx
from tests.programs.rulekit import norm, proposed
from tests.programs.test_reforms import book, change, communes
from vietnam.models import AdminUnit

SECTIONS = ("thong-tin", "thu-huong", "kinh-phi", "noi-dung", "tien-do", "tai-lieu", "kiem-tra")


@dataclass(frozen=True)
class Stop:
    """A page of the tour."""

    name: str
    path: str
    is_refusal: bool = False


@dataclass(frozen=True)
class Tour:
    """Who looks at which pages."""

    user: User
    stops: tuple[Stop, ...]

    def path(self, name: str) -> str:
        return next(stop.path for stop in self.stops if stop.name == name)


def build(centre: User, leader: User, cuc_leader: User) -> tuple[Tour, Tour, Tour, Tour]:
    """The tours of the centre's officer, of the Sở's leader, of the Cục's leader and of an administrator."""
    return _centre(centre), _leader(centre, leader), _cuc(centre, cuc_leader), _administrator()


def administrator() -> User:
    """The system's."""
    known = User.objects.filter(username="quan.tri.thu").first()
    nation = AdminUnit.nation()
    office = cast.office(OrganisationKind.OTHER, "Quản trị thử", nation)
    return known or cast.person("quan.tri.thu", "Quản Trị Thử", Role.ADMIN, office)


def desk(leader: User) -> Tour:
    """Offices and their people, as the system's administrator sees them."""
    so, keeper = leader.memberships.get().organisation, administrator()
    here = f"/co-quan/{so.uuid}/"
    with act_as(keeper):
        head = {name: getattr(so, name) for name in HEAD} | {"head_symbol": "SCT"}
        set_head(so, head, actor=keeper)
        register = open_register(so, kind=RegisterKind.OUTGOING, year=today().year, actor=keeper)
        since = Time(dt.date(2025, 7, 1))
        seal = record_seal(so, kind=SealKind.STAMP, number="01", source="Thử", time=since, actor=keeper)
    return Tour(
        keeper,
        (
            Stop("offices", "/co-quan/"),
            Stop("offices, nothing found", "/co-quan/?q=khong+co+gi"),
            Stop("new office", "/co-quan/lap/"),
            Stop("office", here),
            Stop("change of an office", f"{here}sua/"),
            Stop("head of papers", f"{here}dau-van-ban/"),
            Stop("newcomer", f"{here}them-nguoi/"),
            Stop("registers and seals", f"{here}so-va-con-dau/"),
            Stop("register to open", f"{here}so-va-con-dau/mo-so/"),
            Stop("first number of a register", f"{here}so-va-con-dau/so/{register.pk}/"),
            Stop("seal to record", f"{here}so-va-con-dau/con-dau/"),
            Stop("seal that ends", f"{here}so-va-con-dau/con-dau/{seal.pk}/"),
            Stop("authority lent", f"{here}uy-quyen/"),
            Stop("authority to lend", f"{here}vi-tri/{leader.memberships.get().pk}/uy-quyen/"),
            Stop("somebody of the office", f"{here}nguoi/{leader.username}/"),
        ),
    )


def _centre(centre: User) -> Tour:
    bare_claim = claim("key_product", document_number="", document_date=None, document_issuer="")
    draft = make_project(
        centre, title="Hỗ trợ máy móc thử, hồ sơ đủ", claims=[claim("export"), bare_claim], priority_areas="d"
    )
    wrong = make_project(
        centre,
        title="Hỗ trợ máy móc thử, vượt mức",
        amounts={Source.KCQG: 350 * MILLION, Source.OWN: 250 * MILLION},
        counterpart_committed=False,
    )
    with whole_country():  # as the outbox's task writes it
        inbox.notify([centre], "project.moved", "Đề án đã được tiếp nhận", "", f"/de-an/{draft.code}/")
    with act_as(centre):
        copied = copy_project(Project.objects.get(pk=draft.pk), actor=centre, year=2028)
        bare = create_draft(
            DraftValues({"title": "Còn trống, thử"}), actor=centre, purse=Purse.KCQG, year=2027
        )
        firm = draft.beneficiaries.select_related("establishment").get().establishment
        area = province("Thanh Hóa")
        Cluster.objects.create(
            province=area,
            name="Cụm công nghiệp Thử",
            legal_status="ESTABLISHED",
            phase="OPERATING",
            area_ha="25",
        )
        cluster = Cluster.objects.get()
    stops = [
        Stop("queue", "/"),
        Stop("list", "/de-an/"),
        Stop("list, nothing found", "/de-an/?q=khong+co+gi"),
        Stop("create", "/de-an/tao/"),
        *(Stop(f"section {slug}", f"/de-an/{draft.code}/sua/{slug}/") for slug in SECTIONS),
        Stop("copy", f"/de-an/{draft.code}/sao-chep/"),
        Stop("copied draft", f"/de-an/{copied.code}/sua/"),
        Stop("section noi-dung, empty", f"/de-an/{bare.code}/sua/noi-dung/"),
        Stop("section kinh-phi, over the norm", f"/de-an/{wrong.code}/sua/kinh-phi/"),
        Stop("section kiem-tra, blocked", f"/de-an/{wrong.code}/sua/kiem-tra/"),
        Stop("detail", f"/de-an/{draft.code}/"),
        *_imports(centre),
        *_reports(centre),
        Stop("norms", "/quy-dinh/"),
        Stop("guide", "/huong-dan/"),
        Stop("norms of an activity", "/quy-dinh/?noi-dung=N3"),
        Stop("units", "/dia-gioi/?q=yen+bai"),
        Stop("units then", "/dia-gioi/?ngay=30/06/2025"),
        Stop("province", "/dia-gioi/15/"),
        Stop("split commune", "/dia-gioi/15772/?ngay=30/06/2025"),
        Stop("addresses", "/dia-gioi/doi-dia-chi/?q=Thị trấn Thiệu Hóa, huyện Thiệu Hóa, Thanh Hóa"),
        Stop("records of split communes", "/dia-gioi/chua-xac-dinh/"),
        Stop("dates of a province", "/quy-dinh/?loai=moc-ke-hoach&tinh=38"),
        Stop("rule", f"/quy-dinh/dinh-muc/{norm().pk}/"),
        Stop("documents", "/quy-dinh/van-ban/"),
        Stop("document", f"/quy-dinh/van-ban/{norm().source_document_id}/"),
        Stop("search", "/tim/?q=thanh+hoa"),
        Stop("search, nothing found", "/tim/?q=khong+co+gi"),
        Stop("inbox", "/thong-bao/"),
        Stop("account", "/tai-khoan/"),
        Stop("agenda", "/lich/"),
        Stop("new password", "/tai-khoan/mat-khau/"),
        *_money(centre),
        Stop("establishments", "/co-so/"),
        Stop("establishment", f"/co-so/{firm.uuid}/"),
        Stop("clusters", "/cum-cong-nghiep/"),
        Stop("cluster", f"/cum-cong-nghiep/{cluster.uuid}/"),
        Stop("error 404", "/khong-co/", is_refusal=True),
    ]
    return Tour(centre, tuple(stops))


def _money(centre: User) -> list[Stop]:
    """A project under contract, with a request on its way and one that was paid."""
    project = money.contracted(centre, title="Hỗ trợ máy móc thử, đã ký hợp đồng")
    money.paid(money.ask(project, centre, 30 * MILLION))
    waiting = money.ask(project, centre, 20 * MILLION)
    return [
        Stop("contract and money", f"/de-an/{project.code}/kinh-phi/"),
        Stop("request to be paid", f"/de-an/{project.code}/de-nghi/{waiting.uuid}/"),
        Stop("requests to be paid", "/tam-ung-thanh-toan/"),
        Stop("requests to be paid, none", "/tam-ung-thanh-toan/?q=khong+co+gi"),
    ]


def _imports(centre: User) -> list[Stop]:
    """A list still to be mended, with every kind of row, and one that was applied."""
    open_rows = [
        machine("ván", tax_code=tax_code(7_300_001)),
        machine("gạch", tax_code=tax_code(7_300_011), total=700, kcqg=350),
        machine("bột đá", tax_code=tax_code(7_300_021), own="nhiều"),
    ]
    done_rows = [
        machine("chiếu", tax_code=tax_code(7_300_031)),
        machine("lụa", own=5, tax_code=tax_code(7_300_041)),
    ]
    group = "Ứng dụng máy móc, thiết bị"
    with act_as(centre):
        staged, applied = (
            stage_workbook(io.BytesIO(xlsx(form_page([("I", group, rows)]))), name, actor=centre)
            for rows, name in ((open_rows, "Biểu chờ sửa.xlsx"), (done_rows, "Biểu đã ghi.xlsx"))
        )
        apply_import(applied, centre)
    return [
        Stop("import upload", "/nhap-bieu/"),
        Stop("import preview", f"/nhap-bieu/{staged.uuid}/"),
        Stop("import preview, open row", f"/nhap-bieu/{staged.uuid}/?sua=0"),
        Stop("import result", f"/nhap-bieu/{applied.uuid}/"),
    ]


def _reports(centre: User) -> list[Stop]:
    """A finished report and one that waits for a worker."""
    with act_as(centre):
        done, waiting = (
            request_report(
                actor=centre,
                kind=ReportKind.REGISTRATION_LIST,
                area=province("Thanh Hóa"),
                year=2027,
                purse=Purse.KCQG,
                stage=stage,
            )[0]
            for stage in (Stage.ALL, Stage.APPROVED)
        )
    building.build(done.pk)
    return [
        Stop("reports", "/bao-cao/"),
        Stop("report, done", f"/bao-cao/{done.uuid}/"),
        Stop("report, waiting", f"/bao-cao/{waiting.uuid}/"),
    ]


def _leader(centre: User, leader: User) -> Tour:
    """A dossier that came back mended: the reviewer sees what changed. One lies in a split commune."""
    split = AdminUnit.objects.get(name="Thị trấn Thiệu Hóa", parent__parent__code="38")
    old = make_project(centre, title="Hỗ trợ máy móc thử, xã đã chia", year=2025, commune=split)
    claims = [claim("export"), claim("area_d")]
    project = make_project(centre, title="Hỗ trợ máy móc thử, gửi lần hai", claims=claims)
    advance_to(project, State.REVIEW_PROV, drafter=centre)
    take("return", project, leader, note="Ghi rõ tên máy.")
    with act_as(centre):
        mended = DraftValues(fields={"title": "Hỗ trợ máy cưa thử, gửi lần hai"})
        project = save_draft(project, mended, actor=centre)
    advance_to(project, State.REVIEW_PROV, drafter=centre)
    with act_as(leader):
        applied = lists_to_appraise(leader).get()
    return Tour(
        leader,
        (
            Stop("queue of the Sở", "/"),
            Stop("list appraised on paper", f"/nhap-bieu/{applied.uuid}/tham-dinh/"),
            Stop("review", f"/de-an/{project.code}/tham-dinh/"),
            Stop("receipt", f"/de-an/{project.code}/giay-tiep-nhan/"),
            Stop("files to hand over", "/ban-giao/?tu=chua"),
            Stop("minutes", f"/de-an/{project.code}/bien-ban/"),
            Stop("printed sheet", f"/de-an/{project.code}/phieu/mau-in/"),
            Stop("printed form", f"/de-an/{project.code}/mau-in/"),
            Stop("compare", f"/de-an/{project.code}/so-sanh/"),
            Stop("compare, whole dossier", f"/de-an/{project.code}/so-sanh/?xem=tat-ca"),
            Stop("detail with steps", f"/de-an/{project.code}/"),
            Stop("correction", f"/de-an/{project.code}/dinh-chinh/"),
            *_numbered(leader, project),
            Stop("place a record", f"/dia-gioi/chua-xac-dinh/de-an/{old.uuid}/"),
        ),
    )


def _numbered(leader: User, project: Project) -> list[Stop]:
    """A receipt with its number, in the office's register."""
    so = leader.memberships.get().organisation
    with whole_country():
        PaperRegister.objects.create(office=so, kind=RegisterKind.RECEPTION, year=today().year)
    with act_as(leader):
        number_paper(project, PaperKind.RECEIPT, actor=leader)
        entry = IssuedNumber.objects.get()
    return [
        Stop("receipt", f"/de-an/{project.code}/giay-tiep-nhan/"),
        Stop("numbers", "/so-van-ban/"),
        Stop("numbers, nothing found", "/so-van-ban/?q=khong+co+gi"),
        Stop("number to void", f"/so-van-ban/{entry.uuid}/huy/"),
    ]


def _administrator() -> Tour:
    """Changes of units that another administrator has sent."""
    nation = office(OrganisationKind.OTHER, "Quản trị hệ thống", AdminUnit.nation())
    sender, reader = (person(f"admin.{n}", f"Quản Trị {n}", Role.ADMIN, nation) for n in ("một", "hai"))
    a, b = communes(2)
    changes = book(
        change(a, "99001", "Xã Thử Chính", part="một phần", main="x"),
        change(a, "99002", "Xã Thử Phụ", part="một phần"),
        change(b, b, "Phường Thử"),
    )
    with act_as(sender):
        reform, _new = verbs.stage(io.BytesIO(changes), "Sắp xếp thử.xlsx", actor=sender)
    return Tour(
        reader,
        (
            Stop("changes of units", "/dia-gioi/nhap/"),
            Stop("preview of changes of units", f"/dia-gioi/nhap/{reform.uuid}/"),
        ),
    )


def _carried(leader: User) -> list[Stop]:
    """Projects from paper: one that waits, one confirmed, and the form."""
    officer = cast.person("cuc.giay", "Người Nhập Giấy Thử", Role.CUC_OFFICER, cast.cuc())
    begin_portal(leader)
    give_ceiling(leader, Purse.KCQG, 2018)
    done = confirmed(entered(papers("KCQG", title="Đề án giấy thử, đã xác nhận"), officer), leader)
    waiting = entered(papers("KCQG", title="Đề án giấy thử, chờ xác nhận"), officer)
    return [
        Stop("projects from paper", "/chuyen-tiep/"),
        Stop("project from paper, to enter", "/chuyen-tiep/nhap/"),
        Stop("project from paper, to confirm", f"/chuyen-tiep/{waiting.uuid}/"),
        Stop("project from paper", f"/de-an/{done.code}/"),
    ]


def _cuc(centre: User, cuc_leader: User) -> Tour:
    """A tranche with one project in it and one that could be."""
    chosen, waiting = (
        make_project(centre, title=f"Hỗ trợ máy móc thử, đợt {n}", claims=[claim("area_d")]) for n in (1, 2)
    )
    tranche = open_tranche(chosen)
    plan = tranche.plan
    advance_to(chosen, State.IN_PLAN, drafter=centre, tranche=tranche)
    advance_to(waiting, State.PASSED_MIN, drafter=centre)
    proposal = proposed(cuc_leader, dt.date(2026, 12, 1), cap_vnd=100 * MILLION)
    with act_as(cuc_leader):
        plan = tranche.plan
        for number, last in enumerate((dt.date(2027, 6, 14), dt.date(2027, 6, 30))):
            dates = Dates(dt.date(2027, 4, 1), last, "chờ hướng dẫn lập kế hoạch" if number else "")
            window = set_window(
                Gate.CUC, "KCQG", 2028, AdminUnit.nation(), dates, actor=cuc_leader, seen_number=number
            )
    return Tour(
        cuc_leader,
        (
            Stop("queue of the Cục", "/"),
            Stop("plans", "/ke-hoach/"),
            Stop("windows", f"/ke-hoach/dot-dang-ky/?nam={window.year}&doi={window.uuid}"),
            Stop("plan", f"/ke-hoach/{plan.uuid}/"),
            *_carried(cuc_leader),
            Stop("tranche", f"/dot/{tranche.uuid}/"),
            Stop("list of the nation", "/de-an/"),
            Stop("new version of a rule", f"/quy-dinh/dinh-muc/{norm().pk}/sua/"),
            Stop("eligible commune", "/quy-dinh/dia-ban/moi/"),
            Stop("proposals", "/quy-dinh/de-xuat/"),
            Stop("proposal", f"/quy-dinh/de-xuat/{proposal.uuid}/"),
            Stop("new document", "/quy-dinh/van-ban/moi/"),
        ),
    )

"""The cast of a province's office. Agencies and posts are those of 2025's structure; all people are invented."""

from planner.management.demo import wording
from planner.management.demo.cast import (
    BOARD,
    COMMITTEE,
    DEPUTY,
    SECRETARY,
    STANDING_DEPUTY,
    Agency,
    Cast,
    Hall,
    Leader,
)
from planner.models import Body, Unit

PROVINCE = "Tỉnh Lâm Đồng"  # 124 communes: 103 xã, 20 phường, 1 đặc khu
_PARTY = Unit.Kind.PARTY_BOARD
_DEPARTMENT = ("Giám đốc", "Phó Giám đốc")
_BOARD = ("Trưởng ban", "Phó Trưởng ban")


def _party(
    key: str, name: str, short: str, words: tuple[str, str], deputies: int = 3, **more: object
) -> Agency:
    values = {"head_sits": BOARD, "deputies_in_committee": 1, "kind": _PARTY, "tags": ("ban Đảng",)} | more
    return Agency(key, name, short, *words, deputies=deputies, **values)  # type: ignore[arg-type]


def _department(key: str, name: str, short: str, sits: str = COMMITTEE) -> Agency:
    return Agency(key, name, short, *_DEPARTMENT, deputies=3, head_sits=sits, tags=("sở",))


AGENCIES = (
    _party("vp", "Văn phòng Tỉnh ủy", "VPTU", ("Chánh Văn phòng", "Phó Chánh Văn phòng")),
    _party("btc", "Ban Tổ chức Tỉnh ủy", "BTCTU", _BOARD),
    _party("ubkt", "Ủy ban Kiểm tra Tỉnh ủy", "UBKTTU", ("Chủ nhiệm", "Phó Chủ nhiệm")),
    _party("tgdv", "Ban Tuyên giáo và Dân vận Tỉnh ủy", "BTGDVTU", _BOARD),
    _party("nc", "Ban Nội chính Tỉnh ủy", "BNCTU", _BOARD),
    Agency("dcq", "Đảng ủy các cơ quan Đảng tỉnh", "ĐUCCQĐ", "", "Phó Bí thư chuyên trách", 1, "", 1, _PARTY),
    Agency("dub", "Đảng ủy UBND tỉnh", "ĐU UBND", "", "Phó Bí thư chuyên trách", 1, "", 1, _PARTY),
    Agency("tct", "Trường Chính trị tỉnh", "TCT", "Hiệu trưởng", "Phó Hiệu trưởng", 2, COMMITTEE, 0, _PARTY),
    Agency(
        "bao", "Báo và Phát thanh, Truyền hình tỉnh", "Báo và PTTH", *_DEPARTMENT, 3, COMMITTEE, 0, _PARTY
    ),
    Agency("hdnd", "HĐND tỉnh", "HĐND", "", "Phó Chủ tịch", 2, "", 1),
    Agency("ubnd", "UBND tỉnh", "UBND", "", "Phó Chủ tịch", 5, "", 2, deputies_in_board=1),
    Agency("mttq", "Ủy ban MTTQ Việt Nam tỉnh", "MTTQ", "Chủ tịch", "Phó Chủ tịch", 6, BOARD, 5),
    Agency("vpub", "Văn phòng UBND tỉnh", "VP UBND", "Chánh Văn phòng", "Phó Chánh Văn phòng", 3, COMMITTEE),
    Agency(
        "vphd",
        "Văn phòng Đoàn ĐBQH và HĐND tỉnh",
        "VP ĐĐBQH và HĐND",
        "Chánh Văn phòng",
        "Phó Chánh Văn phòng",
        2,
        COMMITTEE,
    ),
    Agency("ttra", "Thanh tra tỉnh", "TTr", "Chánh Thanh tra", "Phó Chánh Thanh tra", 2, COMMITTEE),
    Agency("ca", "Công an tỉnh", "CA", *_DEPARTMENT, 4, BOARD, 1),
    Agency("qs", "Bộ Chỉ huy Quân sự tỉnh", "BCHQS", "Chỉ huy trưởng", "Phó Chỉ huy trưởng", 3, BOARD),
    Agency(
        "bp",
        "Ban Chỉ huy Bộ đội Biên phòng tỉnh",
        "BĐBP",
        "Chỉ huy trưởng",
        "Phó Chỉ huy trưởng",
        2,
        COMMITTEE,
    ),
    Agency("toa", "Tòa án nhân dân tỉnh", "TAND", "Chánh án", "Phó Chánh án", 2, COMMITTEE),
    Agency("vks", "Viện Kiểm sát nhân dân tỉnh", "VKSND", "Viện trưởng", "Phó Viện trưởng", 2, COMMITTEE),
    _department("stc", "Sở Tài chính", "STC"),
    _department("sxd", "Sở Xây dựng", "SXD"),
    _department("snv", "Sở Nội vụ", "SNV"),
    _department("snn", "Sở Nông nghiệp và Môi trường", "SNNMT"),
    _department("sct", "Sở Công Thương", "SCT"),
    _department("skh", "Sở Khoa học và Công nghệ", "SKHCN"),
    _department("svh", "Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
    _department("sgd", "Sở Giáo dục và Đào tạo", "SGDĐT"),
    _department("syt", "Sở Y tế", "SYT"),
    _department("stp", "Sở Tư pháp", "STP", ""),
    _department("sdt", "Sở Dân tộc và Tôn giáo", "SDTTG", ""),
    _department("sng", "Sở Ngoại vụ", "SNgV", ""),
)

LEADERS = (
    Leader("bt", SECRETARY, (("Trưởng Đoàn đại biểu Quốc hội tỉnh", ""),)),
    Leader("pbt_tt", STANDING_DEPUTY, (("Bí thư", "dcq"),)),
    Leader("pbt_ub", DEPUTY, (("Chủ tịch", "ubnd"), ("Bí thư", "dub"))),
    Leader("pbt_hd", DEPUTY, (("Chủ tịch", "hdnd"),)),
)

SITE = "Trụ sở Tỉnh ủy"
HALLS = (
    Hall(
        "tt",
        "Phòng họp Thường trực",
        "P. Thường trực",
        (("boardroom", 14, 10),),
        fit_for_secret=True,
        site=SITE,
    ),
    Hall(
        "p1",
        "Phòng họp số 1",
        "P1",
        (("u_shape", 30, 15), ("classroom", 48, 30)),
        fit_for_secret=True,
        site=SITE,
    ),
    Hall("p2", "Phòng họp số 2", "P2", (("u_shape", 45, 15), ("classroom", 72, 30)), site=SITE),
    Hall("p3", "Phòng họp số 3", "P3", (("boardroom", 24, 10),), site=SITE),
    Hall("p5", "Phòng họp tầng 5", "P5", (("u_shape", 36, 15), ("classroom", 60, 30)), site=SITE),
    Hall("kt", "Phòng khánh tiết", "P. Khánh tiết", (("round", 40, 20),), site=SITE),
    Hall(
        "hb", "Hội trường B", "HT B", (("classroom", 180, 30), ("theatre", 240, 30)), is_hall=True, site=SITE
    ),
    Hall(
        "ht",
        "Hội trường lớn Tỉnh ủy",
        "HT lớn",
        (("theatre", 650, 60), ("classroom", 320, 60)),
        is_hall=True,
        needs_approval=True,
        site=SITE,
    ),
    Hall(
        "tthn",
        "Hội trường Trung tâm Hội nghị tỉnh",
        "TT Hội nghị",
        (("theatre", 2200, 120), ("classroom", 900, 120)),
        is_hall=True,
        needs_approval=True,
        site="Trung tâm Hội nghị tỉnh",
    ),
)

CAST = Cast(
    office="Văn phòng Tỉnh ủy Lâm Đồng",
    parent="Tỉnh ủy Lâm Đồng",
    code="VPTU",
    kind="province",
    place="Lâm Đồng",
    domain="tinhuy-lamdong.example",
    party_unit="Tỉnh ủy Lâm Đồng",
    standing_posts={
        SECRETARY: "Bí thư Tỉnh ủy",
        STANDING_DEPUTY: "Phó Bí thư Thường trực Tỉnh ủy",
        DEPUTY: "Phó Bí thư Tỉnh ủy",
        BOARD: "Ủy viên Ban Thường vụ Tỉnh ủy",
        COMMITTEE: "Tỉnh ủy viên",
    },
    body_names={
        Body.Kind.COMMITTEE: ("Ban Chấp hành Đảng bộ tỉnh", "BCH"),
        Body.Kind.STANDING_BOARD: ("Ban Thường vụ Tỉnh ủy", "BTV"),
        Body.Kind.STANDING: ("Thường trực Tỉnh ủy", "Thường trực"),
        Body.Kind.INSPECTION: ("Ủy ban Kiểm tra Tỉnh ủy", "UBKT"),
        Body.Kind.CONGRESS: ("Đại hội đại biểu Đảng bộ tỉnh", "Đại hội"),
    },
    leaders=LEADERS,
    agencies=AGENCIES,
    office_key="vp",
    rooms_of_office=(
        "Phòng Tổng hợp",
        "Phòng Cơ yếu - Công nghệ thông tin",
        "Phòng Hành chính - Quản trị",
        "Phòng Tài chính Đảng",
    ),
    office_staff=44,
    # Six secretaries of communes sit in the committee, two of them in the board.
    seats_of_communes={
        "Phường Xuân Hương - Đà Lạt": BOARD,
        "Phường Phan Thiết": BOARD,
        "Phường Bắc Gia Nghĩa": COMMITTEE,
        "Phường 1 Bảo Lộc": COMMITTEE,
        "Xã Di Linh": COMMITTEE,
        "Đặc khu Phú Quý": COMMITTEE,
    },
    committee_size=52,
    inspectors=9,
    key_officials=118,
    retired=(
        "Bí thư Tỉnh ủy",
        "Bí thư Tỉnh ủy",
        "Phó Bí thư Tỉnh ủy",
        "Phó Bí thư Tỉnh ủy",
        "Chủ tịch",
        "Trưởng ban",
    ),
    halls=HALLS,
    topics={
        Body.Kind.COMMITTEE: wording.COMMITTEE_TOPICS,
        Body.Kind.STANDING_BOARD: wording.BOARD_TOPICS,
        Body.Kind.STANDING: wording.STANDING_TOPICS,
        Body.Kind.INSPECTION: wording.INSPECTION_TOPICS,
    },
    conferences=wording.CONFERENCES,
    field_visits=wording.FIELD_VISITS,
    outings=wording.ENGAGEMENTS,
)

"""The cast of a ward's office (L1): twenty staff, one clerk may do everything."""

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

WARD = "Phường 1 Bảo Lộc"
_PARTY = Unit.Kind.PARTY_BOARD
_CELLS = 19  # neighbourhood cells, whose secretaries sit in no body

AGENCIES = (
    Agency("vp", "Văn phòng Đảng ủy phường", "VPĐU", "Chánh Văn phòng", "Phó Chánh Văn phòng", 2, BOARD, 1, _PARTY),
    Agency("btc", "Ban Xây dựng Đảng phường", "BXDĐ", "Trưởng ban", "Phó Trưởng ban", 3, BOARD, 2, _PARTY, ("ban Đảng",)),
    Agency("ubkt", "Ủy ban Kiểm tra Đảng ủy phường", "UBKT", "Chủ nhiệm", "Phó Chủ nhiệm", 2, BOARD, 1, _PARTY, ("ban Đảng",)),
    Agency("mttq", "Ủy ban MTTQ Việt Nam phường", "MTTQ", "Chủ tịch", "Phó Chủ tịch", 5, BOARD, 5),
    Agency("hdnd", "HĐND phường", "HĐND", "", "Phó Chủ tịch", 1, "", 1),
    Agency("ubnd", "UBND phường", "UBND", "", "Phó Chủ tịch", 2, "", 2),
    Agency("vpub", "Văn phòng HĐND và UBND phường", "VP HĐND và UBND", "Chánh Văn phòng", "Phó Chánh Văn phòng", 1, COMMITTEE),
    Agency("pkt", "Phòng Kinh tế, Hạ tầng và Đô thị", "P. KTHTĐT", "Trưởng phòng", "Phó Trưởng phòng", 2, BOARD, 1, tags=("sở",)),
    Agency("pvh", "Phòng Văn hóa - Xã hội", "P. VHXH", "Trưởng phòng", "Phó Trưởng phòng", 2, COMMITTEE, 1, tags=("sở",)),
    Agency("tthc", "Trung tâm Phục vụ hành chính công", "TTPVHCC", "Giám đốc", "Phó Giám đốc", 1, COMMITTEE),
    Agency("ca", "Công an phường", "CA", "Giám đốc", "Phó Giám đốc", 2, BOARD, 1),
    Agency("qs", "Ban Chỉ huy Quân sự phường", "BCHQS", "Chỉ huy trưởng", "Phó Chỉ huy trưởng", 1, BOARD),
    Agency("ttct", "Trung tâm Chính trị phường", "TTCT", "Giám đốc", "Phó Giám đốc", 1, COMMITTEE),
    Agency("th1", "Trường THPT Bảo Lộc", "THPT", "Hiệu trưởng", "Phó Hiệu trưởng", 2, COMMITTEE),
    Agency("th2", "Trường THCS Phan Chu Trinh", "THCS", "Hiệu trưởng", "Phó Hiệu trưởng", 1, COMMITTEE),
    Agency("yte", "Trạm Y tế phường", "TYT", "Giám đốc", "Phó Giám đốc", 1, COMMITTEE),
    *(
        Agency(f"cb{n}", f"Chi bộ Tổ dân phố {n}", f"CB TDP {n}", "Bí thư", "Phó Bí thư", 1, "", 0, _PARTY, ("chi bộ",))
        for n in range(1, _CELLS + 1)
    ),
)

CAST = Cast(
    office="Văn phòng Đảng ủy phường 1 Bảo Lộc",
    parent="Đảng ủy phường 1 Bảo Lộc",
    code="VPĐU",
    kind="commune",
    place="Bảo Lộc",
    domain="phuong1baoloc.example",
    party_unit="Đảng ủy phường 1 Bảo Lộc",
    standing_posts={
        SECRETARY: "Bí thư Đảng ủy phường",
        STANDING_DEPUTY: "Phó Bí thư Thường trực Đảng ủy phường",
        DEPUTY: "Phó Bí thư Đảng ủy phường",
        BOARD: "Ủy viên Ban Thường vụ Đảng ủy phường",
        COMMITTEE: "Đảng ủy viên",
    },
    body_names={
        Body.Kind.COMMITTEE: ("Ban Chấp hành Đảng bộ phường", "BCH"),
        Body.Kind.STANDING_BOARD: ("Ban Thường vụ Đảng ủy phường", "BTV"),
        Body.Kind.STANDING: ("Thường trực Đảng ủy phường", "Thường trực"),
        Body.Kind.INSPECTION: ("Ủy ban Kiểm tra Đảng ủy phường", "UBKT"),
        Body.Kind.CONGRESS: ("Đại hội đại biểu Đảng bộ phường", "Đại hội"),
    },
    leaders=(
        Leader("bt", SECRETARY, (("Chủ tịch", "hdnd"),)),
        Leader("pbt_tt", STANDING_DEPUTY),
        Leader("pbt_ub", DEPUTY, (("Chủ tịch", "ubnd"),)),
    ),
    agencies=AGENCIES,
    office_key="vp",
    rooms_of_office=(),
    office_staff=17,
    seats_of_communes={},
    committee_size=33,
    inspectors=5,
    key_officials=60,
    retired=("Bí thư Đảng ủy phường", "Phó Bí thư Đảng ủy phường"),
    halls=(
        Hall("p1", "Phòng họp số 1", "P1", (("u_shape", 24, 10), ("classroom", 36, 20)), fit_for_secret=True),
        Hall("p2", "Phòng họp số 2", "P2", (("boardroom", 16, 10),)),
        Hall("ht", "Hội trường phường", "HT", (("theatre", 260, 45), ("classroom", 150, 45)), is_hall=True),
    ),
)

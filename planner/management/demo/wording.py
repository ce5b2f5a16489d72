"""What the invented sessions are about, as agendas and weekly schedules of provinces word it."""

# (topic, key of the preparing agency); {month}, {next}, {quarter} and {year} are filled in.
BOARD_TOPICS = (
    (
        "Cho ý kiến về tình hình kinh tế - xã hội, quốc phòng - an ninh tháng {month} và nhiệm vụ trọng tâm tháng {next}",
        "dub",
    ),
    ("Cho ý kiến về tiến độ giải ngân vốn đầu tư công năm {year}", "stc"),
    (
        "Cho ý kiến đối với dự thảo Đề án sắp xếp, nâng cao hiệu quả hoạt động của đơn vị sự nghiệp công lập",
        "snv",
    ),
    ("Kết quả rà soát, tháo gỡ khó khăn cho các dự án chậm tiến độ trên địa bàn", "stc"),
    ("Công tác cán bộ", "btc"),
    (
        "Báo cáo kết quả kiểm tra việc thực hiện nghị quyết đại hội tại các đảng bộ xã, phường, đặc khu",
        "ubkt",
    ),
    (
        "Dự thảo Chương trình hành động thực hiện Nghị quyết số 57-NQ/TW về khoa học, công nghệ và chuyển đổi số",
        "skh",
    ),
    ("Cho ý kiến về phương án quy hoạch và phát triển hạ tầng giao thông liên vùng", "sxd"),
    ("Tình hình vận hành mô hình chính quyền địa phương 2 cấp; khó khăn, vướng mắc ở cơ sở", "snv"),
    ("Cho ý kiến về chủ trương đầu tư các công trình trọng điểm năm {year}", "sxd"),
    ("Kết quả xóa nhà tạm, nhà dột nát và hỗ trợ nhà ở cho hộ nghèo", "mttq"),
    ("Phương án phòng, chống thiên tai và khắc phục hậu quả mưa lũ", "snn"),
    ("Kết quả thực hiện công tác nội chính, phòng, chống tham nhũng, lãng phí, tiêu cực quý {quarter}", "nc"),
    ("Dự thảo Kế hoạch tổ chức các hoạt động kỷ niệm và đón Tết Nguyên đán", "tgdv"),
    ("Cho ý kiến về danh mục dự án thu hồi đất, chuyển mục đích sử dụng đất rừng", "snn"),
    ("Tình hình và giải pháp phát triển du lịch chất lượng cao", "svh"),
    ("Dự thảo Quy chế làm việc (sửa đổi) của Ban Chấp hành, Ban Thường vụ nhiệm kỳ 2025 - 2030", "vp"),
    ("Kết quả thực hiện chế độ tiếp công dân, xử lý đơn thư khiếu nại, tố cáo", "ttra"),
    ("Cho ý kiến về cơ chế, chính sách hỗ trợ đồng bào dân tộc thiểu số", "sdt"),
    ("Báo cáo chuẩn bị kỳ họp HĐND tỉnh", "hdnd"),
    ("Tình hình dịch bệnh, công tác khám, chữa bệnh và bảo hiểm y tế", "syt"),
    ("Kết quả chuẩn bị năm học và sắp xếp mạng lưới trường, lớp", "sgd"),
    ("Tình hình an ninh nông thôn và trật tự, an toàn xã hội", "ca"),
    ("Kết quả thực hiện nhiệm vụ quân sự, quốc phòng; chuẩn bị công tác tuyển quân", "qs"),
)
COMMITTEE_TOPICS = (
    ("Báo cáo tình hình kinh tế - xã hội, thu, chi ngân sách quý {quarter} và nhiệm vụ quý tới", "dub"),
    ("Báo cáo công tác xây dựng Đảng và hệ thống chính trị", "btc"),
    ("Báo cáo công tác kiểm tra, giám sát và thi hành kỷ luật đảng", "ubkt"),
    ("Thảo luận tại tổ", "vp"),
    ("Thảo luận tại hội trường", "vp"),
    ("Thông qua nghị quyết hội nghị; phát biểu bế mạc", "vp"),
)
STANDING_TOPICS = (
    ("Rà soát chương trình công tác tuần và tiến độ các nhiệm vụ được giao", "vp"),
    ("Cho ý kiến về chương trình hội nghị Ban Thường vụ", "vp"),
    ("Nghe báo cáo về tiến độ các dự án trọng điểm", "stc"),
    ("Cho ý kiến về một số nội dung công tác cán bộ", "btc"),
    ("Nghe báo cáo tình hình an ninh, trật tự", "ca"),
    ("Xem xét đề nghị của các đảng ủy trực thuộc", "vp"),
)
INSPECTION_TOPICS = (
    ("Xem xét kết quả kiểm tra khi có dấu hiệu vi phạm", "ubkt"),
    ("Thông qua kết luận giám sát chuyên đề", "ubkt"),
    ("Giải quyết tố cáo đối với đảng viên", "ubkt"),
    ("Chương trình kiểm tra, giám sát tháng {next}", "ubkt"),
)

# (title, kind, audience, minutes, preparing agency, chair)
CONFERENCES = (
    (
        "Hội nghị giao ban công tác xây dựng Đảng quý {quarter}",
        "briefing",
        "party_boards",
        180,
        "vp",
        "pbt_tt",
    ),
    ("Hội nghị sơ kết thực hiện Chỉ thị số 05-CT/TW", "review", "heads", 180, "tgdv", "pbt_tt"),
    ("Họp Ban Chỉ đạo chuyển đổi số", "working", "departments", 150, "skh", "bt"),
    (
        "Họp Ban Chỉ đạo phòng, chống tham nhũng, lãng phí, tiêu cực",
        "working",
        "party_boards",
        150,
        "nc",
        "bt",
    ),
    (
        "Nghe báo cáo tiến độ đường cao tốc Tân Phú - Bảo Lộc và Bảo Lộc - Liên Khương",
        "working",
        "departments",
        120,
        "sxd",
        "pbt_ub",
    ),
    ("Hội nghị đối thoại với doanh nghiệp", "thematic", "departments", 210, "stc", "pbt_ub"),
    ("Hội nghị trực tuyến giao ban với các xã, phường, đặc khu", "briefing", "communes", 180, "vp", "pbt_tt"),
    ("Hội nghị tập huấn công tác văn phòng cấp ủy", "training", "commune_offices", 420, "vp", "cvp"),
    ("Gặp mặt nguyên lãnh đạo tỉnh các thời kỳ", "gathering", "retired", 150, "btc", "bt"),
    (
        "Tiếp và làm việc với đoàn công tác của Ban Tổ chức Trung ương",
        "reception",
        "party_boards",
        120,
        "btc",
        "bt",
    ),
    ("Họp Tiểu ban Văn kiện", "working", "party_boards", 180, "vp", "pbt_tt"),
    (
        "Hội nghị chuyên đề về phát triển nông nghiệp công nghệ cao",
        "thematic",
        "departments",
        210,
        "snn",
        "pbt_ub",
    ),
    (
        "Làm việc với Sở Giáo dục và Đào tạo về xây dựng trường nội trú vùng biên",
        "working",
        "departments",
        120,
        "sgd",
        "pbt_hd",
    ),
    ("Hội nghị tổng kết công tác kiểm tra, giám sát", "review", "heads", 210, "ubkt", "pbt_tt"),
)
STUDY_TITLES = (
    "Hội nghị trực tuyến nghiên cứu, học tập, quán triệt các nghị quyết của Bộ Chính trị",
    "Hội nghị trực tuyến quán triệt, triển khai Nghị quyết Hội nghị Trung ương",
    "Hội nghị thông tin chuyên đề và quán triệt các quy định mới của Trung ương",
)
TRAININGS = (
    "Tập huấn nghiệp vụ văn thư, lưu trữ và bảo vệ bí mật nhà nước",
    "Tập huấn kỹ năng số và ứng dụng trí tuệ nhân tạo trong công tác văn phòng",
    "Tập huấn nghiệp vụ kiểm tra, giám sát cho cấp ủy cơ sở",
    "Bồi dưỡng nghiệp vụ công tác đảng viên và cơ sở dữ liệu đảng viên",
)
FIELD_VISITS = (
    ("Đi cơ sở: kiểm tra vận hành chính quyền địa phương 2 cấp", "pbt_tt"),
    ("Đi cơ sở: kiểm tra tiến độ công trình trọng điểm", "pbt_ub"),
    ("Đi cơ sở: làm việc với Ban Thường vụ Đảng ủy về tình hình thực hiện nghị quyết đại hội", "bt"),
    ("Đi cơ sở: thăm mô hình nông nghiệp ứng dụng công nghệ cao", "pbt_hd"),
    ("Đi cơ sở: kiểm tra công tác phòng, chống sạt lở", "pbt_ub"),
    ("Đi cơ sở: dự sinh hoạt chi bộ thôn, buôn", "pbt_tt"),
)
# what, which leader, where
ENGAGEMENTS = (
    ("Dự Ngày hội Đại đoàn kết toàn dân tộc", "bt", "Nhà văn hóa thôn"),
    ("Dự lễ khởi công công trình hồ chứa nước", "pbt_ub", "Tại công trường"),
    ("Tiếp công dân định kỳ", "bt", "Trụ sở Tiếp công dân tỉnh"),
    ("Dự họp Thường trực Chính phủ (trực tuyến)", "pbt_ub", "Điểm cầu UBND tỉnh"),
    ("Tiếp đoàn đại biểu tỉnh kết nghĩa", "pbt_tt", "Phòng khánh tiết"),
    ("Dự lễ trao Huy hiệu Đảng", "pbt_tt", "Hội trường xã"),
    ("Dự hội nghị tổng kết công tác tuyển quân", "bt", "Bộ Chỉ huy Quân sự tỉnh"),
    ("Dự kỷ niệm ngày thành lập ngành", "pbt_hd", "Trung tâm Văn hóa tỉnh"),
    ("Thăm, chúc mừng các cơ sở tôn giáo", "pbt_hd", "Phường Xuân Hương - Đà Lạt"),
    ("Thẩm tra các nội dung trình kỳ họp HĐND tỉnh", "pbt_hd", "Phòng họp HĐND tỉnh"),
    ("Dự tọa đàm về đầu tư hạ tầng du lịch", "pbt_ub", "Trung tâm Hội nghị tỉnh"),
)
ABSENCES = (
    ("work", "Đi công tác Hà Nội theo lịch của Bộ"),
    ("work", "Dự hội nghị do Trung ương triệu tập"),
    ("illness", "Ốm, điều trị tại bệnh viện"),
    ("abroad", "Đi công tác nước ngoài"),
    ("family", "Việc gia đình"),
)
GUEST_REASONS = ("Trùng lịch công tác của ngành", "Đã cử cấp phó theo dõi nội dung", "Đi công tác cơ sở")
CARS = ("Xe 49A-001.26", "Xe 49A-002.18", "Xe 49A-003.55", "Xe 49A-006.79")

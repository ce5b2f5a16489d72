"""Names, birthdays, posts, units, telephones and addresses as people type them."""

import datetime as dt
import unicodedata

import pytest

from planner.paper.reading import cells, contacts, posts

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("cell", "full_name", "honorific", "rest"),
    [
        ("VI KIM CHÂU", "Vi Kim Châu", "", ""),
        ("  Ngô  Thanh  Tiến ", "Ngô Thanh Tiến", "", ""),
        (unicodedata.normalize("NFD", "CẦM NGỌC BÌNH"), "Cầm Ngọc Bình", "", ""),
        ("Đ/c Hoàng Ngọc Nghĩa", "Hoàng Ngọc Nghĩa", "Đ/c", ""),
        ("Bà Lê Thúy Thảo", "Lê Thúy Thảo", "Bà", ""),
        ("Đồng chí Đại tá Nguyễn Văn Hùng", "Nguyễn Văn Hùng", "Đồng chí Đại tá", ""),
        ("PGS.TS. Trần Thị Bé Năm", "Trần Thị Bé Năm", "PGS.TS", ""),
        ("Hòa thượng Thích Thiện Tâm", "Thích Thiện Tâm", "Hòa thượng", ""),
        ("KSOR H'BIA", "Ksor H'Bia", "", ""),
        ("RƠ CHÂM THANH SƠN", "Rơ Châm Thanh Sơn", "", ""),
        ("Nguyễn Văn A (dự thay)", "Nguyễn Văn A", "", "dự thay"),
        ("Nguyễn Văn A - Bí thư Đảng ủy", "Nguyễn Văn A", "", "Bí thư Đảng ủy"),
        ("Nguyễn Văn A\nPhó Bí thư", "Nguyễn Văn A", "", "Phó Bí thư"),
        ("NGUYỄN VĂN\nAN", "Nguyễn Văn An", "", ""),
        ("Ngô Văn Cử", "Ngô Văn Cử", "", ""),
        ("Đoàn Thị Sở", "Đoàn Thị Sở", "", ""),
    ],
)
def test_a_name_stands_clear_of_what_is_around_it(cell, full_name, honorific, rest):
    read = cells.name(cell)

    assert (read.full_name, read.honorific, read.rest, read.problem) == (full_name, honorific, rest, "")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("", "name_missing"),
        ("chưa có", "name_missing"),
        ("Hường", "name_unclear"),
        ("Nguyễn Văn ???", "name_unclear"),
        ("01 đồng chí lãnh đạo", "open_seat"),
        ("Đại diện lãnh đạo", "open_seat"),
        ("Cử sau", "open_seat"),
    ],
)
def test_what_is_no_name_says_so(cell, problem):
    assert cells.name(cell).problem == problem


@pytest.mark.parametrize(("cell", "sex"), [("Bà Lê Thảo", "F"), ("Ông Lê Thảo", "M"), ("Đ/c Lê Thảo", "")])
def test_ong_and_ba_tell_the_sex(cell, sex):
    assert cells.name(cell).sex == sex


@pytest.mark.parametrize(
    ("value", "on", "year"),
    [
        ("05/2/1971", dt.date(1971, 2, 5), 1971),
        ("6.4.1959", dt.date(1959, 4, 6), 1959),
        ("19-04-1964", dt.date(1964, 4, 19), 1964),
        ("05/2/71", dt.date(1971, 2, 5), 1971),
        ("1971", None, 1971),
        (1971, None, 1971),
        (1971.0, None, 1971),
        ("Sinh năm 1971", None, 1971),
        ("2/1971", None, 1971),
        (dt.datetime(1982, 2, 1), dt.date(1982, 2, 1), 1982),
        (29983, dt.date(1982, 2, 1), 1982),
        (dt.datetime(1905, 6, 2), None, 1980),
        ("29983", dt.date(1982, 2, 1), 1982),
        ("ngày 05 tháng 02 năm 1971", dt.date(1971, 2, 5), 1971),
        ("", None, None),
        ("chưa có", None, None),
        (None, None, None),
    ],
)
def test_a_birthday_is_read_however_it_is_written(value, on, year):
    read = cells.born(value, today=TODAY)

    assert (read.on, read.year, read.problem) == (on, year, "")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("31/02/1970", "born_wrong"),
        ("12/5/05", "born_wrong"),
        ("5/2", "born_wrong"),
        ("xưa lắm", "born_wrong"),
        (12, "born_wrong"),
        (True, "born_wrong"),
        ("1/1/2030", "born_future"),
        (2020, "born_unlikely"),
        (1900, "born_unlikely"),
    ],
)
def test_a_birthday_that_cannot_be_is_named(value, problem):
    assert cells.born(value, today=TODAY).problem == problem


@pytest.mark.parametrize(
    ("cell", "sex", "problem"),
    [
        ("Nam", "M", ""),
        ("nữ", "F", ""),
        ("NU", "F", ""),
        ("", "", ""),
        ("x", "", "sex_unclear"),
        ("3", "", "sex_unclear"),
    ],
)
def test_a_bare_mark_says_neither_man_nor_woman(cell, sex, problem):
    assert cells.sex(cell) == (sex, problem)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0376661934 - 02514506123", ("0376661934", "02514506123")),
        ("302374095", ("0302374095",)),
        ("0360.110.843", ("0360110843",)),
        ("096 643 7725", ("0966437725",)),
        ("0912-345-678", ("0912345678",)),
        ("+84590075400", ("0590075400",)),
        ("84912345678", ("0912345678",)),
        ("0084912345678", ("0912345678",)),
        ("01689123456", ("0389123456",)),
        ("(0251) 3822 123", ("02513822123",)),
        ("0912.345.678/0987.654.321", ("0912345678", "0987654321")),
        ("0912345678 0987654321", ("0912345678", "0987654321")),
        ("0912345678-0987654321", ("0912345678", "0987654321")),
        ("ĐT: 0912 345 678 (thư ký)", ("0912345678",)),
        ("+856 20 5551 2345", ("+8562055512345",)),
        ("0912345678; 0912345678", ("0912345678",)),
        ("chưa có", ()),
        ("-", ()),
    ],
)
def test_telephone_numbers_come_out_one_way(cell, numbers):
    assert contacts.phones(cell) == contacts.Contacts(numbers)


@pytest.mark.parametrize("cell", ["12345", "số máy lẻ", "0912345678901234567"])
def test_what_is_no_telephone_number_says_so(cell):
    read = contacts.phones(cell)

    assert (read.good, len(read.bad)) == ((), 1)


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        ("Vi.Kim@Tinh.example ", ("vi.kim@tinh.example",), ()),
        ("a@b.example; c@d.example", ("a@b.example", "c@d.example"), ()),
        ("abc@", (), ("abc@",)),
        ("ten@@tinh.example", (), ("ten@@tinh.example",)),
        ("chưa có", (), ()),
        ("", (), ()),
    ],
)
def test_addresses_are_told_from_slips(cell, good, bad):
    assert contacts.emails(cell) == contacts.Contacts(good, bad)


@pytest.mark.parametrize(
    ("cell", "titles"),
    [
        ("Chủ tịch UBND; Chánh Văn phòng", ["Chủ tịch UBND", "Chánh Văn phòng"]),
        ("Chủ tịch HĐND\nnguyên Phó Bí thư Tỉnh ủy", ["Chủ tịch HĐND", "nguyên Phó Bí thư Tỉnh ủy"]),
        ("nguyên Bí thư Tỉnh ủy, Trưởng Ban Tổ chức", ["nguyên Bí thư Tỉnh ủy", "Trưởng Ban Tổ chức"]),
        ("nguyên Bí thư, nguyên Phó Bí thư", ["nguyên Bí thư", "nguyên Phó Bí thư"]),
        ("Phó Bí thư; Phó Bí thư", ["Phó Bí thư"]),
        ("Trưởng Ban Tuyên giáo và Dân vận", ["Trưởng Ban Tuyên giáo và Dân vận"]),
        ("Trưởng Ban Văn hóa, Xã hội HĐND tỉnh", ["Trưởng Ban Văn hóa, Xã hội HĐND tỉnh"]),
        ("Bí thư kiêm Chủ tịch HĐND", ["Bí thư", "Chủ tịch HĐND"]),
        ("Bí thư Đảng ủy - Chủ tịch HĐND xã A", ["Bí thư Đảng ủy", "Chủ tịch HĐND xã A"]),
        ("GIÁM ĐỐC SỞ TÀI CHÍNH", ["Giám đốc Sở Tài chính"]),
        ("Trưởng Ban (đã nghỉ hưu)", ["nguyên Trưởng Ban"]),
    ],
)
def test_posts_of_one_cell_are_parted(cell, titles):
    assert [("nguyên " if post.is_former else "") + post.title for post in posts.split(cell)] == titles


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("Giám đốc Sở Tài chính, Văn phòng Tỉnh uỷ", "Văn phòng Tỉnh uỷ"),
        ("Tỉnh ủy viên, Trưởng Ban Tuyên giáo và Dân vận, PHƯỜNG ĐỒNG HỚI", "Phường Đồng Hới"),
        ("Phó Chánh Văn phòng\nỦy viên BTV Tỉnh ủy, P. Vĩnh Tuy", "Phường Vĩnh Tuy"),
        ("Bí thư Đảng ủy - xã Hòa Phú", "Xã Hòa Phú"),
        ("Tỉnh ủy viên, Giám đốc Sở Tài chính", ""),
        ("Chuyên viên", ""),
    ],
)
def test_a_unit_behind_the_posts_is_found(cell, unit):
    assert posts.split_with_unit(cell)[1] == unit


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("X. Tà Đùng", "Xã Tà Đùng"),
        ("XÃ TÀ ĐÙNG", "Xã Tà Đùng"),
        ("P.Hòa Cường", "Phường Hòa Cường"),
        ("VĂN PHÒNG TỈNH ỦY", "Văn phòng Tỉnh ủy"),
        ("BAN TUYÊN GIÁO VÀ DÂN VẬN", "Ban Tuyên giáo và Dân vận"),
        ("ĐẢNG ỦY XÃ HÒA PHÚ", "Đảng ủy xã Hòa Phú"),
        ("XÃ TÂN PHƯỚC 1", "Xã Tân Phước 1"),
        ("UBND", "UBND"),
        ("Sở Tài chính", "Sở Tài chính"),
    ],
)
def test_units_are_spelt_one_way(cell, name):
    assert posts.unit_name(cell) == name

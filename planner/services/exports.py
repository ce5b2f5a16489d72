"""The directory as a spreadsheet that comes back unchanged: what is exported and imported again is the same."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from planner.access import Actor, Can, must
from planner.models import Appointment, Person
from planner.models.people import PersonQuerySet
from planner.paper.xlsx import Column, Table, Value, workbook
from planner.services import audit, titles
from planner.services.matching import code_of
from planner.services.unit_names import UnitNames

_COLUMNS = (
    Column("STT", 6, "0", "right"),
    Column("Họ và tên", 28),
    Column("Ngày sinh", 13, "dd/mm/yyyy"),
    Column("Giới tính", 10),
    Column("Chức vụ", 44),
    Column("Đơn vị", 32),
    Column("Điện thoại", 24),
    Column("Thư điện tử", 32),
    Column("Mã Nghị Trình", 16),
)
_SEXES = {Person.Sex.MALE: "Nam", Person.Sex.FEMALE: "Nữ"}


def people(rows: PersonQuerySet, *, by: Actor) -> bytes:
    """An XLSX file of these people, in their order; how many were taken out is written into the log.

    The heads are Vietnamese in every language, so that the file can be imported again. Raises NotAllowed.
    """
    must(by, Can.EXPORT)
    names, today = UnitNames(), timezone.localdate()
    found = list(rows.active().with_posts().select_related("unit"))
    table = Table(
        columns=_COLUMNS,
        rows=[_row(number, person, names, today) for number, person in enumerate(found, start=1)],
        name="Danh bạ",
        titles=(_("PEOPLE OF THE DIRECTORY"), _("as of %(day)s") % {"day": f"{today:%d/%m/%Y}"}),
    )
    audit.record("people.exported", by=by, after={"people": len(found)})
    return workbook(table)


def _row(number: int, person: Person, names: UnitNames, today: dt.date) -> tuple[Value, ...]:
    return (
        number,
        person.full_name,
        person.born_on or person.birth_year,
        _SEXES.get(Person.Sex(person.sex), ""),
        "\n".join(_post(row, person, today) for row in person.appointments.all()),
        names.full_name(person.unit_id),
        " - ".join(filter(None, (person.phone, person.other_phone))),
        person.email,
        code_of(person.pk),
    )


def _post(row: Appointment, person: Person, today: dt.date) -> str:
    """The post as the import knows it again: short where the person's own unit says the rest."""
    words = row.post.name if row.unit_id == person.unit_id and not row.title else titles.title_of(row)
    return words if row.holds_on(today) else f"nguyên {words}"

"""People of a judged list written into the directory: new ones, changes and posts, in bulk, all or none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from planner.access import Actor, Can, must
from planner.models import Appointment, Office, Person, Post
from planner.paper.reading.posts import PostText
from planner.services import appointments, audit, people, titles
from planner.services.differences import changes_to, new_posts, phones_after
from planner.services.judgements import Judged
from planner.services.unit_names import UnitNames
from planner.vietnamese import Spelling, fold, respell, sort_key

_AT_ONCE = 500
# Posts that name their own organisation: the unit in the list is where the person works, not part of the title.
_OWN_ORGANISATION = re.compile(
    r"\b(?:Sở|Bộ|Công an|Cục|Chi cục|Viện|Hội|Đoàn|Tỉnh [ủu][yỷ]|Thành [ủu][yỷ]|Trung ương|tỉnh|thành phố|xã|phường|đặc khu|"
    r"BTV|BCH|UBKT|Ban (?!Thường trực)\w+|Đại biểu|Ủy viên|ủy viên)\b"
)


@transaction.atomic
def take(judged: Sequence[Judged], *, by: Actor) -> dict[tuple[str, int], int]:
    """The ids of the people these rows are, by their place in the file, new people included.

    Rows that repeat a person are the person of the first. Raises NotAllowed.
    """
    must(by, Can.EDIT_PEOPLE)
    writer = _Writer(by)
    ids = writer.write([one for one in judged if one.person is None and one.twin is None], judged)
    for one in judged:
        if one.place not in ids:
            ids[one.place] = one.person or ids.get(one.twin or ("", 0), 0)
        if _is_joined(one):
            writer.join(one, ids[one.place])
    return {place: pk for place, pk in ids.items() if pk}


def _is_joined(one: Judged) -> bool:
    """A row somebody said is the person of an earlier row: what it says more is added."""
    return one.twin is not None and one.decision.get("do") == "person"


class _Writer:
    """One application: units and posts are found or made once, then people, then what they hold."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.units = UnitNames()
        self.posts = {fold(name): pk for pk, name in Post.objects.values_list("pk", "name")}
        self.today = timezone.localdate()
        spelling = Office.objects.values_list("spelling", flat=True).first()
        self.spelling = Spelling(spelling) if spelling else Spelling.OLD

    def write(self, fresh: Sequence[Judged], judged: Sequence[Judged]) -> dict[tuple[str, int], int]:
        made = self._add(fresh)
        changed = [one for one in judged if one.person is not None and one.changes and not _is_joined(one)]
        persons = self._change(changed)
        held = _held(persons)
        wanted = [(person.pk, one, list(one.row.posts)) for one, person in zip(fresh, made, strict=True)]
        wanted += [(pk, one, new_posts(held[pk], one.row.posts)) for pk, one in persons.items()]
        self._appoint(wanted, held)
        people.refresh([*(person.pk for person in made), *persons])
        return {one.place: person.pk for one, person in zip(fresh, made, strict=True)}

    def join(self, one: Judged, pk: int) -> None:
        """What a second row of somebody says more, added to the person of the first."""
        held = _held([pk])
        one.person = pk
        one.changes = changes_to(
            Person.objects.select_related("unit").get(pk=pk), held[pk], one.row, unit=one.unit
        )
        if one.changes:
            self._change([one])
            self._appoint([(pk, one, new_posts(held[pk], one.row.posts))], held)
            people.refresh([pk])

    def _add(self, fresh: Sequence[Judged]) -> list[Person]:
        rows = [self._person(one) for one in fresh]
        made = Person.objects.bulk_create(rows, batch_size=_AT_ONCE)
        for one, person in zip(fresh, made, strict=True):
            after = {"full_name": person.full_name, "line": one.row.line, "unit": one.row.unit}
            audit.record("person.imported", on=person, by=self.by, after=after)
        return made

    def _person(self, one: Judged) -> Person:
        row = one.row
        first, second = (*row.phones, "", "")[:2]
        return Person(
            full_name=row.full_name,
            sort_key=sort_key(row.full_name),
            sex=row.sex,
            born_on=row.born_on,
            birth_year=row.birth_year,
            email=row.email,
            phone=first,
            other_phone=second,
            unit_id=self._unit(one),
        )

    def _change(self, changed: Sequence[Judged]) -> dict[int, Judged]:
        persons = Person.objects.select_for_update().in_bulk([one.person for one in changed])
        for one in changed:
            person = persons[one.person or 0]
            self._set(person, one)
            before = {name: before for name, (before, _after) in one.changes.items()}
            after = {name: after for name, (_before, after) in one.changes.items()}
            audit.record("person.changed", on=person, by=self.by, before=before, after=after)
        Person.objects.bulk_update(persons.values(), _CHANGEABLE, batch_size=100)
        return {one.person: one for one in changed if one.person is not None}

    def _set(self, person: Person, one: Judged) -> None:
        row, changes = one.row, one.changes
        if "full_name" in changes:
            person.full_name, person.sort_key = row.full_name, sort_key(row.full_name)
        if "born_on" in changes:
            person.born_on, person.birth_year = row.born_on, row.birth_year
        person.sex = row.sex or person.sex
        person.email = row.email or person.email
        person.phone, person.other_phone = phones_after(person, row.phones)
        if "unit" in changes:
            person.unit_id = self._unit(one)
        person.version += 1

    def _unit(self, one: Judged) -> int | None:
        if one.unit is not None:
            return one.unit
        if not one.row.unit or any(p.code == "unit_several" for p in one.problems):
            return None
        return self.units.created(respell(one.row.unit, self.spelling), by=self.by)

    def _appoint(
        self, wanted: Iterable[tuple[int, Judged, Sequence[PostText]]], held: dict[int, list[Appointment]]
    ) -> None:
        rows: list[Appointment] = []
        for person, one, posts in wanted:
            place = max((row.position for row in held[person]), default=0)
            unit = self._unit(one)
            for position, post in enumerate(posts, start=place + 1):
                if post.is_former and (current := _current(held[person], post.title)):
                    appointments.end(current, on=self.today, by=self.by)
                    continue
                rows.append(self._appointment(person, post, unit, position))
        Appointment.objects.bulk_create(rows, batch_size=_AT_ONCE)

    def _appointment(self, person: int, post: PostText, unit: int | None, position: int) -> Appointment:
        title = respell(post.title, self.spelling)
        name = self.units.name_of(unit)
        whole = titles.phrase(title, name)
        is_own = _OWN_ORGANISATION.search(title) is not None and whole == f"{title} {name}"
        return Appointment(
            person_id=person,
            post_id=self._post(title),
            unit_id=None if is_own else unit,
            title=title if is_own else "",
            position=position,
            ends_on=self.today if post.is_former else None,
        )

    def _post(self, title: str) -> int:
        key = fold(title)
        if key not in self.posts:
            self.posts[key] = appointments.post_named(title[:150], by=self.by).pk
        return self.posts[key]


_CHANGEABLE = (
    "full_name", "sort_key", "sex", "born_on", "birth_year", "email", "phone", "other_phone", "unit", "version",
)  # fmt: skip


def _current(held: Sequence[Appointment], title: str) -> Appointment | None:
    """The post held still that the list calls a former one."""
    key = fold(title)
    return next((row for row in held if row.ends_on is None and key in map(fold, _words(row))), None)


def _words(row: Appointment) -> tuple[str, ...]:
    return row.title, row.post.name, titles.title_of(row)


def _held(people_ids: Iterable[int]) -> dict[int, list[Appointment]]:
    held: dict[int, list[Appointment]] = defaultdict(list)
    for row in Appointment.objects.filter(person__in=list(people_ids)).select_related("post", "unit"):
        held[row.person_id].append(row)
    return held

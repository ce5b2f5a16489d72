"""People of a judged list written into the directory: new ones, changes and posts, in bulk, all or none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from planner.access import Actor, Can, must
from planner.models import Appointment, Office, Person, Post, Unit
from planner.paper.reading.posts import PostText
from planner.services import appointments, audit, people, titles
from planner.services.differences import changes_to, new_posts, phones_after
from planner.services.judgements import Judged
from planner.services.unit_names import UnitNames
from planner.vietnamese import Spelling, fold, respell, sort_key

_AT_ONCE = 500
_CHANGEABLE = (
    "full_name", "sort_key", "sex", "born_on", "birth_year", "email", "phone", "other_phone", "unit", "version",
)  # fmt: skip
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
    ids = writer.add([one for one in judged if one.person is None and one.twin is None])
    writer.change([one for one in judged if one.person is not None and one.changes and not _is_joined(one)])
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
        self.names = UnitNames()
        self.units: dict[int, Unit] = {}
        self.made: dict[str, int] = {}
        self.posts = {fold(post.name): post for post in Post.objects.all()}
        self.today = timezone.localdate()
        spelling = Office.objects.values_list("spelling", flat=True).first()
        self.spelling = Spelling(spelling) if spelling else Spelling.OLD

    def add(self, fresh: Sequence[Judged]) -> dict[tuple[str, int], int]:
        """New people, their keys and ranks right from the start."""
        self._load_units(fresh)
        held = [self._appointments(one, one.row.posts, after=0) for one in fresh]
        rows = [self._person(one, posts) for one, posts in zip(fresh, held, strict=True)]
        made = Person.objects.bulk_create(rows, batch_size=_AT_ONCE)
        for person, posts in zip(made, held, strict=True):
            for post in posts:
                post.person = person
        Appointment.objects.bulk_create((post for posts in held for post in posts), batch_size=_AT_ONCE)
        told: list[tuple[Person, dict[str, str], dict[str, str | int]]] = [
            (person, {}, {"full_name": person.full_name, "line": one.row.line, "unit": one.row.unit})
            for person, one in zip(made, fresh, strict=True)
        ]
        audit.record_many("person.imported", told, by=self.by)
        return {one.place: person.pk for one, person in zip(fresh, made, strict=True)}

    def change(self, changed: Sequence[Judged]) -> None:
        """What the rows say otherwise about people the directory knows."""
        self._load_units(changed)
        by_person = {one.person: one for one in changed if one.person is not None}
        persons = Person.objects.select_for_update().in_bulk(by_person)
        for pk, person in persons.items():
            self._set(person, by_person[pk])
        Person.objects.bulk_update(persons.values(), _CHANGEABLE, batch_size=100)
        audit.record_many(
            "person.changed", [_told(persons[pk], one) for pk, one in by_person.items()], by=self.by
        )
        held = _held(persons)
        self._appoint({pk: (one, new_posts(held[pk], one.row.posts)) for pk, one in by_person.items()}, held)
        people.refresh(persons)

    def join(self, one: Judged, pk: int) -> None:
        """What a second row of somebody says more, added to the person of the first."""
        one.person = pk
        person = Person.objects.select_related("unit").get(pk=pk)
        one.changes = changes_to(person, _held([pk])[pk], one.row, unit=one.unit)
        if one.changes:
            self.change([one])

    def _person(self, one: Judged, held: Sequence[Appointment]) -> Person:
        row = one.row
        first, second = (*row.phones, "", "")[:2]
        person = Person(
            full_name=row.full_name,
            sort_key=sort_key(row.full_name),
            sex=row.sex,
            born_on=row.born_on,
            birth_year=row.birth_year,
            email=row.email,
            phone=first,
            other_phone=second,
            unit=self._unit(one),
        )
        present = [post for post in held if post.ends_on is None]
        person.rank = min((post.post.rank for post in present), default=people.NO_RANK)
        person.search_key = people.search_key_of(person, present)
        return person

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
            person.unit = self._unit(one)
        person.version += 1

    def _load_units(self, rows: Iterable[Judged]) -> None:
        self.units |= Unit.objects.in_bulk(
            {one.unit for one in rows if one.unit is not None} - self.units.keys()
        )

    def _unit(self, one: Judged) -> Unit | None:
        if one.unit is None:
            if not one.row.unit or any(p.code == "unit_several" for p in one.problems):
                return None
            one.unit = self._created(one.row.unit)
        if one.unit not in self.units:
            self.units[one.unit] = Unit.objects.get(pk=one.unit)
        return self.units[one.unit]

    def _created(self, name: str) -> int:
        if name not in self.made:
            self.made[name] = self.names.created(respell(name, self.spelling), by=self.by)
        return self.made[name]

    def _appoint(
        self, wanted: dict[int, tuple[Judged, Sequence[PostText]]], held: dict[int, list[Appointment]]
    ) -> None:
        rows: list[Appointment] = []
        for pk, (one, posts) in wanted.items():
            given_up = {
                post: row for post in posts if post.is_former and (row := _current(held[pk], post.title))
            }
            for row in given_up.values():
                appointments.end(row, on=self.today, by=self.by)
            taken = [post for post in posts if post not in given_up]
            for row in self._appointments(
                one, taken, after=max((row.position for row in held[pk]), default=0)
            ):
                row.person_id = pk
                rows.append(row)
        Appointment.objects.bulk_create(rows, batch_size=_AT_ONCE)

    def _appointments(self, one: Judged, posts: Sequence[PostText], *, after: int) -> list[Appointment]:
        unit = self._unit(one)
        return [
            self._appointment(post, unit, position) for position, post in enumerate(posts, start=after + 1)
        ]

    def _appointment(self, post: PostText, unit: Unit | None, position: int) -> Appointment:
        title = respell(post.title, self.spelling)
        name = unit.name if unit else ""
        is_own = (
            _OWN_ORGANISATION.search(title) is not None and titles.phrase(title, name) == f"{title} {name}"
        )
        return Appointment(
            post=self._post(title),
            unit=None if is_own else unit,
            title=title if is_own else "",
            position=position,
            ends_on=self.today if post.is_former else None,
        )

    def _post(self, title: str) -> Post:
        key = fold(title)
        if key not in self.posts:
            self.posts[key] = appointments.post_named(title[:150], by=self.by)
        return self.posts[key]


def _told(person: Person, one: Judged) -> tuple[Person, dict[str, str], dict[str, str]]:
    before = {name: was for name, (was, _now) in one.changes.items()}
    return person, before, {name: now for name, (_was, now) in one.changes.items()}


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

"""The people of the demo office: who leads what, who sits where, who helps whom."""

import datetime as dt
from collections.abc import Iterable

from planner.management.demo.cast import BOARD, COMMITTEE, LEADERS, NONE, RANKS, Agency
from planner.management.demo.names import Registry
from planner.management.demo.world import World
from planner.models import Appointment, Person, Post, Unit
from planner.services import people as directory
from planner.services.search import key_of
from planner.vietnamese import sort_key

ORDER = {"secretary": 1, "standing_deputy": 2, "deputy": 3, BOARD: 10, COMMITTEE: 30, NONE: 100}
_COMMUNE_POSTS = (
    ("bt", (("Bí thư", True), ("Chủ tịch HĐND", False))),
    ("tt", (("Phó Bí thư Thường trực", True),)),
    ("ct", (("Phó Bí thư", True), ("Chủ tịch UBND", False))),
    ("mt", (("Chủ tịch Ủy ban MTTQ Việt Nam", False),)),
    ("vp", (("Chánh Văn phòng", True),)),
)
_DESK_POSTS = (
    "Trưởng phòng",
    "Phó Trưởng phòng",
    "Chuyên viên chính",
    "Chuyên viên",
    "Chuyên viên",
    "Văn thư",
    "Lái xe",
)


class Staffing:
    """Collects people and posts, then writes them in a handful of statements."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.registry = Registry(world.rng("names"), world.cast.domain)
        self.rng = world.rng("people")
        self.posts = _posts()
        self.people: list[Person] = []
        self.held: list[list[Appointment]] = []
        self.sits: list[str] = []

    def add(
        self, key: str, unit: Unit | None, posts: Iterable[tuple[str, Unit | None]], sits: str = NONE
    ) -> Person:
        """A person of that key, with posts in order; the seat's own post comes first."""
        invented = self.registry.name(women=0.28)
        person = Person(
            full_name=invented.full_name,
            sex=invented.sex,
            sort_key=sort_key(invented.full_name),
            birth_year=self._birth_year(sits),
            email=self.registry.address(invented.full_name),
            phone=self.registry.phone(),
            unit=unit,
        )
        named: list[tuple[str, Unit | None]] = list(posts)
        if sits:
            named.insert(0, (self.world.cast.standing_posts[sits], None))
        since = self._since()
        self.people.append(person)
        self.sits.append(sits)
        self.held.append(
            [
                Appointment(post=self.posts[name], unit=of, position=n, starts_on=since)
                for n, (name, of) in enumerate(named, start=1)
            ]
        )
        self.world.people[key] = person
        return person

    def end_posts(self, key: str, on: dt.date) -> None:
        """Let somebody's posts be over: they print with "nguyên"."""
        at = self.people.index(self.world.people[key])
        for row in self.held[at]:
            row.starts_on, row.ends_on = on - dt.timedelta(days=5 * 365), on

    def write(self) -> None:
        """Save everybody, with rank and search key as the people service writes them."""
        today = self.world.today
        self._order_by_seat()
        for person, held in zip(self.people, self.held, strict=True):
            present = [row for row in held if row.holds_on(today)]
            person.rank = min((row.post.rank for row in present), default=directory.NO_RANK)
            person.search_key = directory.search_key_of(person, present)
        Person.objects.bulk_create(self.people, batch_size=500)
        for person, held in zip(self.people, self.held, strict=True):
            for row in held:
                row.person = person
        Appointment.objects.bulk_create((row for held in self.held for row in held), batch_size=500)

    def _order_by_seat(self) -> None:
        """Seniority: the leaders, the board, the committee, then all others as they were added."""
        pairs = sorted(zip(self.people, self.sits, strict=True), key=lambda pair: ORDER[pair[1]])
        for number, (person, _sits) in enumerate(pairs, start=1):
            person.seniority = number
        self.world.sits = [(person, sits) for person, sits in pairs if sits]

    def _birth_year(self, sits: str) -> int:
        oldest, youngest = (1967, 1980) if sits in (*LEADERS, BOARD) else (1968, 1992)
        return self.rng.randint(oldest, youngest) + (self.world.today.year - 2026)

    def _since(self) -> dt.date:
        return dt.date(
            self.world.term.starts_on.year, self.rng.choice((7, 8, 10)), self.rng.choice((1, 10, 15))
        )


def _posts() -> dict[str, Post]:
    Post.objects.bulk_create(
        Post(name=name, rank=rank, search_key=key_of(name), is_leader=rank <= 110)
        for name, rank in RANKS.items()
    )
    return {post.name: post for post in Post.objects.all()}


def appoint_everybody(world: World) -> Staffing:
    """The leaders, heads and deputies, communes, the office's own staff and those who retired, unsaved yet."""
    staff = Staffing(world)
    units = world.units
    for leader in world.cast.leaders:
        named = [(post, units.get(key)) for post, key in leader.posts]
        staff.add(leader.key, units["party"], named, leader.sits)
    for agency in world.cast.agencies:
        _staff_agency(staff, agency)
    for commune, committee in zip(world.communes, world.committees, strict=True):
        _staff_commune(staff, commune, committee)
    _staff_office(staff)
    _add_retired(staff)
    return staff


def _staff_agency(staff: Staffing, agency: Agency) -> None:
    unit = staff.world.units[agency.key]
    if agency.head:
        staff.add(f"{agency.key}.head", unit, [(agency.head, unit)], agency.head_sits)
    for n in range(agency.deputies):
        staff.add(f"{agency.key}.deputy{n}", unit, [(agency.deputy, unit)], agency.deputy_sits(n))


def _staff_commune(staff: Staffing, commune: Unit, committee: Unit) -> None:
    sits = staff.world.cast.seats_of_communes.get(commune.name, NONE)
    for key, posts in _COMMUNE_POSTS:
        named = [(post, committee if is_party else commune) for post, is_party in posts]
        staff.add(f"{commune.code}.{key}", committee, named, sits if key == "bt" else NONE)


def _staff_office(staff: Staffing) -> None:
    """The office's rooms with their staff; drivers and assistants among them."""
    world = staff.world
    home = world.units[world.cast.office_key]
    desks = [world.units[f"desk{n}"] for n in range(len(world.cast.rooms_of_office))] or [home]
    for n in range(world.cast.office_staff):
        desk = desks[n % len(desks)]
        post = _DESK_POSTS[min(n // len(desks), len(_DESK_POSTS) - 1)]
        staff.add(f"staff{n}", desk, [(post, desk)])
    for leader in world.cast.leaders:
        staff.add(f"{leader.key}.assistant", home, [("Thư ký", None)])
        staff.held[-1][0].title = f"Thư ký đồng chí {world.cast.standing_posts[leader.sits]}"
        staff.add(f"{leader.key}.driver", home, [("Lái xe", home)])


def _add_retired(staff: Staffing) -> None:
    until = staff.world.term.starts_on
    for n, post in enumerate(staff.world.cast.retired):
        key = f"retired{n}"
        staff.add(key, None, [(post, staff.world.units["ubnd"] if post == "Chủ tịch" else None)])
        staff.end_posts(key, until - dt.timedelta(days=365 * n))


def name_helpers(world: World) -> None:
    """Each leader's assistant and driver; the assistant hears of changes too."""
    leaders = []
    for leader in world.cast.leaders:
        person = world.people[leader.key]
        person.assistant = world.people[f"{leader.key}.assistant"]
        person.driver = world.people[f"{leader.key}.driver"]
        person.tells_assistant = True
        leaders.append(person)
    Person.objects.bulk_update(leaders, ["assistant", "driver", "tells_assistant"])

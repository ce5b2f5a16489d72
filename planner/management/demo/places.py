"""Units, rooms and video lines of the demo office."""

from planner.access import SYSTEM
from planner.management.demo.cast import Hall
from planner.management.demo.province import PROVINCE
from planner.management.demo.ward import WARD
from planner.management.demo.world import World
from planner.models import Holiday, Unit
from planner.services import gazetteer, offices
from planner.services.units import keys_of
from rooms.models import Connection, Equipment, Layout, Room, Site

_PARTY_UNIT_FIRST = 10
_COMMUNES_FIRST = 200
EQUIPMENT = (
    ("Màn hình LED", 0, ("ht", "hb", "tthn", "p1")),
    ("Thiết bị họp trực tuyến", 0, ("p1", "p2", "ht", "tt")),
    ("Máy chiếu", 4, ("p5", "p3")),
    ("Micro không dây", 16, ()),
    ("Máy tính xách tay", 6, ()),
)


def found_office(world: World) -> None:
    """The office's row and default tables, the country's units, and the office's own Party units and agencies."""
    offices.install_defaults(by=SYSTEM)
    world.days_off = set(Holiday.objects.filter(kind=Holiday.Kind.OFF).values_list("on", flat=True))
    home = Unit.objects.get(name=PROVINCE, kind=Unit.Kind.PROVINCE)
    gazetteer.install(former_of=home.code, by=SYSTEM)
    ward = Unit.objects.get(name=WARD, parent=home) if world.size.is_ward else None
    territory = ward or home
    if ward is None:
        world.communes = list(Unit.objects.filter(parent=home, ends_on=None).order_by("sort_key"))
    _make_agencies(world, territory)
    _make_committees(world)
    world.office.unit = world.units["party"]
    world.office.save(update_fields=["unit"])


def _make_agencies(world: World, territory: Unit) -> None:
    cast = world.cast
    party = _unit(cast.party_unit, Unit.Kind.PARTY_COMMITTEE, 1, territory=territory)
    party.save()
    agencies = [
        _unit(agency.name, agency.kind, n, parent=party, short_name=agency.short_name, tags=list(agency.tags))
        for n, agency in enumerate(cast.agencies, start=_PARTY_UNIT_FIRST)
    ]
    Unit.objects.bulk_create(agencies)
    world.units = {agency.key: unit for agency, unit in zip(cast.agencies, agencies, strict=True)}
    world.units |= {"party": party, "territory": territory}
    home = world.units[cast.office_key]
    desks = [
        _unit(f"{name} {home.name}", Unit.Kind.OTHER, n, parent=home)
        for n, name in enumerate(cast.rooms_of_office, 1)
    ]
    Unit.objects.bulk_create(desks)
    world.units |= {f"desk{n}": desk for n, desk in enumerate(desks)}


def _make_committees(world: World) -> None:
    """Each commune's Party committee: "Đảng ủy xã Tà Đùng"."""
    party = world.units["party"]
    world.committees = Unit.objects.bulk_create(
        _unit(
            f"Đảng ủy {commune.name[0].lower()}{commune.name[1:]}",
            Unit.Kind.PARTY_COMMITTEE,
            n,
            parent=party,
            territory=commune,
        )
        for n, commune in enumerate(world.communes, start=_COMMUNES_FIRST)
    )


def _unit(name: str, kind: str, position: int, **fields: object) -> Unit:
    keys = keys_of(name, str(fields.get("short_name", "")))
    return Unit(name=name, kind=kind, position=position, **keys, **fields)


def furnish(world: World) -> None:
    """Rooms with their layouts, equipment, and the ways to meet by video."""
    cast = world.cast
    names = dict.fromkeys(hall.site or cast.parent for hall in cast.halls)
    sites = {name: Site.objects.create(name=name, address=cast.place) for name in names}
    for position, hall in enumerate(cast.halls, start=1):
        _make_room(world, hall, sites[hall.site or cast.parent], position)
    for name, stock, keys in EQUIPMENT:
        piece = Equipment.objects.create(name=name, stock=stock)
        piece.fixed_in.set([world.rooms[key] for key in keys if key in world.rooms])
    Connection.objects.bulk_create(
        [
            Connection(
                name="MCU truyền hình hội nghị",
                kind=Connection.Kind.FIXED,
                address=f"https://hop.{cast.domain}/phong-chinh",
                parallel_limit=2,
                is_protected=True,
            ),
            Connection(
                name="Họp trực tuyến nội bộ",
                kind=Connection.Kind.FIXED,
                address=f"https://hop.{cast.domain}/p2",
            ),
        ]
    )


def _make_room(world: World, hall: Hall, site: Site, position: int) -> None:
    room = Room.objects.create(
        site=site,
        name=hall.name,
        short_name=hall.short_name,
        is_hall=hall.is_hall,
        fit_for_secret=hall.fit_for_secret,
        needs_approval=hall.needs_approval,
        position=position,
    )
    world.rooms[hall.key] = room
    world.layouts[hall.key] = Layout.objects.bulk_create(
        Layout(room=room, kind=kind, seats=seats, setup_minutes=minutes, teardown_minutes=minutes, position=n)
        for n, (kind, seats, minutes) in enumerate(hall.layouts, start=1)
    )

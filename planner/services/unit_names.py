"""Units by the names lists give them: "X. Tà Đùng", "XÃ TÀ ĐÙNG" and the directory's own spelling are one."""

from collections import defaultdict
from functools import lru_cache

from django.utils import timezone

from planner.access import Actor
from planner.models import Office, Unit
from planner.paper.reading.posts import unit_name
from planner.services import units
from planner.vietnamese import fold

_KINDS = (
    ("xa", Unit.Kind.COMMUNE),
    ("phuong", Unit.Kind.WARD),
    ("dac khu", Unit.Kind.SPECIAL_ZONE),
    ("dang uy", Unit.Kind.PARTY_COMMITTEE),
    ("dang bo", Unit.Kind.PARTY_COMMITTEE),
    ("ban", Unit.Kind.PARTY_BOARD),
    ("van phong tinh uy", Unit.Kind.PARTY_BOARD),
    ("van phong thanh uy", Unit.Kind.PARTY_BOARD),
    ("so", Unit.Kind.DEPARTMENT),
)
_DELEGATION = ("doan dai bieu ", "doan ")


class UnitNames:
    """The units that stand today, by folded name; two queries, whatever the size."""

    def __init__(self) -> None:
        columns = ("pk", "name", "short_name", "parent_id", "territory_id")
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_short_name: dict[str, list[int]] = defaultdict(list)
        self._above: dict[int, tuple[int | None, ...]] = {}
        self._names: dict[int, str] = {}
        for pk, name, short_name, *above in Unit.objects.existing(timezone.localdate()).values_list(*columns):
            self._above[pk], self._names[pk] = tuple(above), name
            self._by_name[_key(name)].append(pk)
            if short_name:
                self._by_short_name[_key(short_name)].append(pk)
        self._home = self._ancestors(Office.objects.values_list("unit_id", flat=True).first())

    def ids(self, name: str) -> list[int]:
        """The units a name may mean: those of the office's own province when there are any, else all."""
        found = self._by_name.get(_key(name)) or self._by_short_name.get(_key(name)) or self._within(name)
        near = [pk for pk in found if self._home & self._ancestors(pk)] if len(found) > 1 else []
        return near or found

    def _within(self, name: str) -> list[int]:
        """ "Xã Tân Hưng, tỉnh Cà Mau": the unit of the first name below the one of the second."""
        first, comma, above = name.rpartition(",")
        if not comma:
            return []
        upper = set(self._by_name.get(_key(above), []))
        return [pk for pk in self.ids(first) if upper & self._ancestors(pk)]

    def full_name(self, pk: int | None) -> str:
        """The unit's name, with the one above when others are called the same; empty when it stands no more."""
        if pk is None or pk not in self._names:
            return ""
        name, above = self._names[pk], next(filter(None, self._above[pk]), None)
        same = self._by_name.get(_key(name), [])
        return f"{name}, {self._names[above]}" if len(same) > 1 and above in self._names else name

    def key(self, name: str) -> int | str | None:
        """What stands for the unit in comparisons: its id when it is sure, else its folded name."""
        if not name:
            return None
        ids = self.ids(name)
        return ids[0] if len(ids) == 1 else _key(name)

    def name_of(self, pk: int | None) -> str:
        """The unit's name as the directory spells it."""
        return self._names.get(pk or 0, "")

    def created(self, name: str, *, by: Actor) -> int:
        """The id of the unit of that name, added to the directory when it is not there yet."""
        ids = self.ids(name)
        if ids:
            return ids[0]
        spelt = unit_name(name)
        row = units.save(Unit(), values={"name": spelt, "kind": kind_of(spelt)}, by=by)
        self._by_name[_key(spelt)].append(row.pk)
        self._above[row.pk], self._names[row.pk] = (), row.name
        return row.pk

    def _ancestors(self, pk: int | None) -> set[int]:
        """The unit itself, what it belongs to and where it works, up to the province."""
        found: set[int] = set()
        waiting = [pk]
        while waiting:
            if (one := waiting.pop()) is not None and one not in found:
                found.add(one)
                waiting.extend(self._above.get(one, ()))
        return found


def kind_of(name: str) -> Unit.Kind:
    """The kind a name tells by its first words."""
    folded = f"{fold(name)} "
    return next((kind for words, kind in _KINDS if folded.startswith(f"{words} ")), Unit.Kind.OTHER)


def without_delegation(name: str) -> str:
    """The unit a delegation comes from: "Đoàn xã Tà Đùng" → "Xã Tà Đùng"."""
    folded = fold(name)
    for words in _DELEGATION:
        if folded.startswith(words):
            return unit_name(" ".join(name.split()[len(words.split()) :]))
    return unit_name(name)


@lru_cache(maxsize=16_384)
def _key(name: str) -> str:
    return fold(unit_name(name))

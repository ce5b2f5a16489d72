"""A rule resolved against the directory: people once each with why, and the seats asked of units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from attendees.rules.values import Directory, OpenSeat, Pick, Picks, Rule, UnitFact, Units


def resolve(rule: Rule, directory: Directory) -> Picks:
    """People → why they are there, once each. Seats asked of units are not people: see `open_seats`."""
    if rule.seats:
        return {}
    parts: list[Picks] = []
    if rule.selects:
        parts.append(_leaf(rule, directory))
    if rule.any:
        parts.append(_union([resolve(child, directory) for child in rule.any]))
    parts += [resolve(child, directory) for child in rule.all]
    found = _together(parts)
    for child in rule.less:
        for person in resolve(child, directory):
            found.pop(person, None)
    return {person: _stamped(pick, rule) for person, pick in found.items()}


def open_seats(rule: Rule, directory: Directory) -> list[OpenSeat]:
    """What the rule asks of units, in the order of the rule; the largest number when one is asked twice."""
    asked: dict[tuple[int, str], OpenSeat] = {}
    for node in _asking(rule):
        for unit in _matching_units(node.units, directory):
            seat = OpenSeat(unit, node.seats, node.until, node.words)
            standing = asked.get((unit, node.words))
            if standing is None or standing.seats < seat.seats:
                asked[unit, node.words] = seat
    return list(asked.values())


def _leaf(rule: Rule, directory: Directory) -> Picks:
    """Everybody whom all selectors of one node name; post and unit speak of one and the same post."""
    parts: list[Picks] = []
    if rule.bodies or rule.roles:
        parts.append(_sitting(rule, directory))
    if rule.posts:
        parts.append(_holding(rule, directory))
    elif rule.units:
        parts.append(_of_units(rule, directory))
    if rule.tags:
        tagged = {person: rule.tags & tags for person, tags in directory.tags.items()}
        parts.append({person: Pick(sorted(tags)) for person, tags in tagged.items() if tags})
    if rule.people:
        named = {pk for pk in directory.people if str(pk) in rule.people}
        parts.append({person: Pick([directory.named]) for person in named})
    return _together(parts)


def _sitting(rule: Rule, directory: Directory) -> Picks:
    bodies = _meant(rule.bodies, directory.bodies)
    return _collected(
        (seat.person, seat.words)
        for seat in directory.seats
        if seat.is_former == rule.former
        and (not rule.bodies or seat.body in bodies)
        and (not rule.roles or seat.role in rule.roles)
    )


def _holding(rule: Rule, directory: Directory) -> Picks:
    posts = _meant(rule.posts, directory.posts)
    units = set(_matching_units(rule.units, directory)) if rule.units else None
    return _collected(
        (held.person, held.words)
        for held in directory.held
        if held.post in posts and held.is_former == rule.former and (units is None or held.unit in units)
    )


def _of_units(rule: Rule, directory: Directory) -> Picks:
    units = set(_matching_units(rule.units, directory))
    found = _collected(
        (held.person, held.words)
        for held in directory.held
        if held.unit in units and held.is_former == rule.former
    )
    if not rule.former:
        for person, unit in directory.homes.items():
            if unit in units and person not in found:
                found[person] = Pick([directory.units[unit].name])
    return found


def _matching_units(units: Units, directory: Directory) -> list[int]:
    """Ids of the units meant, in the directory's order."""
    tests: list[Callable[[int, UnitFact], bool]] = []
    if units.ids:
        tests.append(lambda pk, _fact: str(pk) in units.ids)
    if units.kinds:
        tests.append(lambda _pk, fact: fact.kind in units.kinds)
    if units.tags:
        tests.append(lambda _pk, fact: bool(units.tags & fact.tags))
    if units.under:
        tests.append(lambda pk, _fact: _lies_under(pk, units.under, directory))
    return [pk for pk, fact in directory.units.items() if all(test(pk, fact) for test in tests)]


def _lies_under(pk: int, tops: frozenset[str], directory: Directory) -> bool:
    seen: set[int] = set()
    at = directory.units[pk].parent
    while at is not None and at not in seen:
        if str(at) in tops:
            return True
        seen.add(at)
        at = directory.units[at].parent if at in directory.units else None
    return False


def _meant(written: frozenset[str], known: Mapping[str, frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*(known.get(text, frozenset()) for text in written))


def _collected(found: Iterable[tuple[int, str]]) -> Picks:
    picks: Picks = {}
    for person, words in found:
        pick = picks.setdefault(person, Pick([]))
        if words not in pick.why:
            pick.why.append(words)
    return picks


def _union(parts: list[Picks]) -> Picks:
    found: Picks = {}
    for part in parts:
        for person, pick in part.items():
            found[person] = found[person].joined(pick) if person in found else pick
    return found


def _together(parts: list[Picks]) -> Picks:
    """Those in every part, with the reasons of each; nobody when there is no part."""
    if not parts:
        return {}
    shared = set(parts[0]).intersection(*parts[1:])
    return _union([{person: pick for person, pick in part.items() if person in shared} for part in parts])


def _stamped(pick: Pick, rule: Rule) -> Pick:
    return Pick(pick.why, rule.items or pick.items, rule.role or pick.role)


def _asking(rule: Rule) -> Iterator[Rule]:
    if rule.seats:
        yield rule
        return
    for child in (*rule.any, *rule.all):
        yield from _asking(child)

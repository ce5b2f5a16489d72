"""Why a slot is proposed, in words: who can come, where, and what stands against it."""

from django.utils.translation import gettext as _

from planner.slots.finder import Slot
from planner.slots.reasons import listed


def words(slot: Slot) -> list[str]:
    """Short phrases, the weightiest first: “đủ 15/15 đại biểu bắt buộc”, “Phòng A, 30 chỗ”, “đồng chí … bận”."""
    told = [*_people(slot), *_room(slot)]
    if slot.lacks_quorum:
        told.append(_("too few for a valid session"))
    if slot.is_holiday_eve:
        told.append(_("the next day is a day off"))
    return told


def _people(slot: Slot) -> list[str]:
    told: list[str] = []
    if slot.absent_chairs:
        told.append(_("the chair is busy: %(names)s") % {"names": listed(slot.absent_chairs)})
    if slot.required:
        counts = {"present": slot.present, "required": slot.required}
        told.append(
            (
                _("%(present)d of %(required)d required people are free")
                if slot.absent
                else _("all %(required)d required people are free")
            )
            % counts
        )
    absent = [name for name in slot.absent if name not in slot.absent_chairs]
    if absent:
        told.append(_("busy: %(names)s") % {"names": listed(absent)})
    if slot.absent_preferred:
        told.append(_("optional people busy: %(names)s") % {"names": listed(slot.absent_preferred)})
    return told


def _room(slot: Slot) -> list[str]:
    if slot.offer:
        return [_("%(room)s, %(seats)d seats") % {"room": slot.offer.name, "seats": slot.offer.seats}]
    return [_("no room that is large enough is free")] if slot.lacks_room else []

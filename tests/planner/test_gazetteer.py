"""The country's units in the directory: complete, once, with their successors."""

import datetime as dt

from planner.access import SYSTEM
from planner.models import Unit
from planner.services import gazetteer, search


def test_all_provinces_and_communes_stand_and_a_repeat_adds_none(db):
    gazetteer.install(by=SYSTEM)

    assert Unit.objects.filter(kind="province").count() == 34
    assert Unit.objects.filter(kind__in=["commune", "ward", "special_zone"]).count() == 3321
    assert Unit.objects.filter(parent__name="Tỉnh Lâm Đồng").count() == 124
    assert gazetteer.install(by=SYSTEM) == 0


def test_an_abolished_commune_stays_readable_and_leads_to_its_successor(db):
    gazetteer.install(former_of="68", by=SYSTEM)
    before, after = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    old = search.matching(Unit.objects.all(), "loc phat").get(kind="ward")

    assert [unit.name for unit in old.successors.all()] == ["Phường 1 Bảo Lộc"]
    assert Unit.objects.existing(before).filter(pk=old.pk).exists()
    assert not Unit.objects.existing(after).filter(pk=old.pk).exists()
    assert gazetteer.install(former_of="68", by=SYSTEM) == 0

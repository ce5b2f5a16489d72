"""The agenda of a session: its items in order, secret ones as shells."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.models import AgendaItem, Secrecy, Session
from planner.services import secrecy

_SHELL_ITEM_FORBIDS = ("title", "presenter", "preparing_unit")


@dataclass(frozen=True)
class ItemPlan:
    """One wanted item; a secret one carries no words."""

    title: str = ""
    minutes: int = 30
    presenter: str = ""
    preparing_unit: str = ""
    secrecy: str = Secrecy.NORMAL
    hands_out_papers: bool = False


def replace(session: Session, items: Sequence[ItemPlan]) -> None:
    """Give the session these items, numbered from 1; items that stay keep their row and their guests.

    Raises SecretContentRefused for words in a secret item. The caller holds the session's lock.
    """
    for item in items:
        if item.secrecy == Secrecy.SECRET:
            values = {name: getattr(item, name) for name in _SHELL_ITEM_FORBIDS}
            secrecy.refuse_content(values, forbidden=_SHELL_ITEM_FORBIDS)
    standing = {item.position: item for item in session.agenda.all()}
    for position, item in enumerate(items, start=1):
        AgendaItem.objects.update_or_create(session=session, position=position, defaults=_values(item))
        standing.pop(position, None)
    AgendaItem.objects.filter(pk__in=[row.pk for row in standing.values()]).delete()


def _values(item: ItemPlan) -> dict[str, object]:
    values = {
        name: getattr(item, name) for name in ("title", "minutes", "presenter", "preparing_unit", "secrecy")
    }
    return values | {"hands_out_papers": item.hands_out_papers or item.secrecy == Secrecy.SECRET}

"""Finding a delegate at the door, for devices that may search."""

from ninja import Field, Query, Router, Schema

from attendees.services import finding, gates
from planner.pages import Request
from planner.wire import In, Listed, Ref, answers, found, listed

router = Router(tags=["door"])


class DoorSearch(In):
    """Words of a name, a unit or a number."""

    q: str = Field(min_length=1, max_length=100, examples=["huong"])


class FoundOut(Schema):
    """A delegate who forgot the badge; homonyms differ by delegation."""

    delegate_id: Ref
    name: str = Field(examples=["Nguyễn Thị Hường"])
    post: str = Field(examples=["Bí thư Đảng ủy phường"])
    delegation: str | None = Field(examples=["Phường Thuận Hóa"])
    number: int | None = Field(examples=[17])
    seat: str | None = Field(examples=["A-12"])
    badge_id: Ref | None
    typed_code: str | None = Field(description="Stands for the badge in `scans`.", examples=["02157700"])


@router.get("/sessions/{session_id}/door-search", response=answers(403, 404, 422, ok=Listed[FoundOut]))
def search_at_the_door(request: Request, session_id: str, query: Query[DoorSearch]) -> dict[str, object]:
    """Delegates by name without tone marks, unit or number, at most twenty. Refuses with `not_allowed`."""
    session = found(gates.sessions_for(request.auth), session_id)
    rows = finding.find(session=session, words=query.q, by=request.auth)
    return listed([_found_out(row) for row in rows])


def _found_out(row: finding.Found) -> FoundOut:
    delegate = row.delegate
    return FoundOut(
        delegate_id=delegate.pk,
        name=delegate.printed_name,
        post=delegate.printed_post,
        delegation=str(delegate.delegation) if delegate.delegation else None,
        number=delegate.number or (row.badge.number if row.badge else None),
        seat=delegate.seat or None,
        badge_id=row.badge.pk if row.badge else None,
        typed_code=row.typed_code,
    )

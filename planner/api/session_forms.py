"""What programs say of sessions."""

from typing import Annotated, Literal

from ninja import Field

from planner.services import secrecy
from planner.wire import Id, In, When

Kind = Literal[
    "regular",
    "expanded",
    "extraordinary",
    "thematic",
    "briefing",
    "working",
    "field_visit",
    "study",
    "review",
    "key_officials",
    "gathering",
    "reception",
    "training",
    "congress_preparatory",
    "congress",
]
LayoutKind = Literal["u_shape", "classroom", "theatre", "round", "boardroom"]
Mode = Literal["in_person", "online", "hybrid"]
SecrecyWord = Literal["normal", "secret"]
ReasonCode = Literal[
    "leader_decided",
    "leader_away",
    "urgent",
    "postponed",
    "merged",
    "superseded",
    "not_needed",
    "no_other_time",
    "no_other_room",
    "schedule",
    "weather",
    "other",
]


class Reasoned(In):
    """The reason for going on in spite of what needs one."""

    override_reason: str = Field(
        "",
        max_length=300,
        description="The reason, where clashes or a layout too small need one; never for a secret session.",
        examples=["Đồng chí Bí thư đã đồng ý"],
    )
    reason_code: ReasonCode | None = Field(
        None, description="The reason as a code: a secret session takes no words.", examples=[None]
    )

    def reason_for(self, *, is_secret: bool) -> str:
        """The reason to pass on; words about a secret session are refused, never echoed."""
        if is_secret:
            secrecy.refuse_content({"override_reason": self.override_reason}, forbidden=("override_reason",))
            return self.reason_code or ""
        return self.override_reason or self.reason_code or ""


class AgendaItemIn(In):
    """One item of an agenda; a secret one carries no words."""

    title: str = Field("", max_length=400, examples=["Báo cáo tình hình thu ngân sách"])
    minutes: int = Field(30, ge=0, le=1440, examples=[30])
    presenter: str = Field("", max_length=200, examples=["Sở Tài chính"])
    preparing_unit: str = Field("", max_length=200, examples=["Sở Tài chính"])
    secrecy: SecrecyWord = "normal"
    hands_out_papers: bool = Field(False, description="Papers are handed out on the spot.")


class SessionDetails(Reasoned):
    """What may be said of a session, new or changed."""

    title: str = Field(
        "",
        max_length=300,
        description="Empty for a secret session; else the kind's own when empty.",
        examples=["Hội nghị Ban Thường vụ lần thứ 9"],
    )
    ordinal: int | None = Field(
        None, ge=1, le=9999, description="Default: the next one, where the kind is numbered.", examples=[9]
    )
    mode: Mode = "in_person"
    room_id: Id | None = Field(None, description="Held as the main room; 409 and nothing is saved else.")
    layout: LayoutKind | None = Field(None, description="Default: the room's first.", examples=["u_shape"])
    chair_ids: list[Id] | None = Field(
        None, max_length=50, description="In order; none when empty, the body's own when left out."
    )
    chain_id: Id | None = Field(None, examples=[None])
    chain_position: int = Field(0, ge=0, le=1000, description="Place in the chain.", examples=[0])
    secrecy: SecrecyWord = Field("normal", description="A `secret` session is kept as a shell.")
    code_name: str = Field("", max_length=60, description="What a secret session is known by.", examples=[""])
    agenda: list[AgendaItemIn] = Field(default_factory=list, max_length=200)
    description: str = Field("", max_length=5000, examples=[""])
    recorder_id: Id | None = Field(None, examples=[None])
    preparing_unit_id: Id | None = Field(None, examples=[None])
    place_text: str = Field(
        "", max_length=200, description="The place, when it is no room of ours.", examples=[""]
    )
    escort: str = Field("", max_length=150, examples=[""])
    car: str = Field("", max_length=80, examples=[""])


class SessionIn(SessionDetails):
    """A session to plan."""

    body_id: Id | None = Field(None, description="Without a body the list starts empty.")
    kind: Kind = "regular"
    starts_at: When
    ends_at: Annotated[When, Field(examples=["2026-12-01T11:00:00+07:00"])]


class SessionPatch(SessionDetails):
    """What to change of a session; what is not named stays."""

    body_id: Id | None = None
    kind: Kind = "regular"
    starts_at: When | None = Field(None, description="Of a draft only; a published session is moved.")
    ends_at: Annotated[When | None, Field(examples=["2026-12-01T11:00:00+07:00"])] = None
    reply_by: When | None = Field(
        None, description="Answers are due.", examples=["2026-11-30T08:00:00+07:00"]
    )
    version: int | None = Field(
        None, ge=1, le=2_000_000_000, description="The version read; an older one is refused.", examples=[1]
    )

"""How feedback was given in confirmed conversations: numbers only, for the trend of who gave it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class FeedbackIndicator(Owned, Base):
    """One quality indicator of one confirmed conversation (models/stages/feedback), for its manager alone.

    `value`: None where there was nothing to measure; `evidence`: how many turns it rests on.
    """

    __tablename__ = "feedback_indicator"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None]
    evidence: Mapped[int]

    __table_args__ = (UniqueConstraint("meeting_id", "name"),)

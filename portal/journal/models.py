import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.database import Encrypted, Model


class Entry(Model):
    """One thing that somebody did or saw. `about` is the candidate whose case it belongs to, where there is one."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        sa.Index(None, "about", "id"),
        sa.Index(None, "subject_kind", "subject_id"),
        sa.Index(None, "actor_id", "id"),
    )

    actor_id: Mapped[int | None]
    role: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(80), index=True)
    seen: Mapped[bool] = mapped_column(default=False)
    subject_kind: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[int | None]
    about: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Encrypted)
    details: Mapped[dict[str, object] | None] = mapped_column(sa.JSON)

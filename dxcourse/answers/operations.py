"""What whoever runs a course did to its record: exported, taken over, purged, forgot, repaired."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from dxcourse import settings


class AuditEntry(BaseModel):
    """What was done to a record, by which account of the machine; it names no learner.

    `count` is of records.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: AwareDatetime
    account: str
    done: str
    count: int

    def line(self) -> bytes:
        """Give it as a line of a file of operations."""
        return self.model_dump_json().encode() + b"\n"


def operation(done: str, count: int, *, account: str = "") -> AuditEntry:
    """Give what is done now, by whoever runs this program.

    Parameters
    ----------
    account
        Who else it was done for, at the administrator's page.
    """
    user = settings.account() or "?"
    name = f"{user}:{account}" if account else user
    return AuditEntry(time=datetime.now(UTC), account=name[:128], done=done, count=count)

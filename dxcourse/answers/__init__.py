"""What a learner answered: the record, its stores, and the one way in (`submit`)."""

from typing import TYPE_CHECKING

from dxcourse.answers.file_store import FileStore, repair
from dxcourse.answers.operations import AuditEntry, operation
from dxcourse.answers.record import Entry, Record, new_id, since_fresh
from dxcourse.answers.reply import (
    AttemptsUsed,
    ItemReply,
    Reply,
    replies,
    reply_at_once,
    reply_from,
    reply_to,
)
from dxcourse.answers.service_store import ServiceStore
from dxcourse.answers.store import (
    Appended,
    DailyCount,
    Guard,
    LearnerStore,
    Refused,
    Store,
    StoreError,
)
from dxcourse.answers.submit import begin_afresh, prepare, submit
from dxcourse.answers.transfer import export_file, export_marks, import_file, read_export
from dxcourse.lazy import lazy_names

if TYPE_CHECKING:
    from dxcourse.answers.sql_store import SqlStore

__all__ = [
    "Appended",
    "AttemptsUsed",
    "AuditEntry",
    "DailyCount",
    "Entry",
    "FileStore",
    "Guard",
    "ItemReply",
    "LearnerStore",
    "Record",
    "Refused",
    "Reply",
    "ServiceStore",
    "SqlStore",
    "Store",
    "StoreError",
    "begin_afresh",
    "export_file",
    "export_marks",
    "import_file",
    "new_id",
    "operation",
    "prepare",
    "read_export",
    "repair",
    "replies",
    "reply_at_once",
    "reply_from",
    "reply_to",
    "since_fresh",
    "submit",
]

# What needs SQLAlchemy, of which a learner's notebook uses nothing.
__getattr__ = lazy_names(__name__, {"SqlStore": "sql_store"})

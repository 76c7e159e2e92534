"""What a learner answered: the record, its stores, and the one way in (`submit`)."""

from dxcourse.answers._file import FileStore, repair
from dxcourse.answers._record import Entry, Record, new_id, since_fresh
from dxcourse.answers._sql import SqlStore
from dxcourse.answers._store import Guard, Refused, Store, StoreError
from dxcourse.answers._submit import (
    AttemptsUsed,
    ItemReply,
    Reply,
    begin_afresh,
    prepare,
    replies,
    reply_from,
    reply_to,
    submit,
)

__all__ = [
    "AttemptsUsed",
    "Entry",
    "FileStore",
    "Guard",
    "ItemReply",
    "Record",
    "Refused",
    "Reply",
    "SqlStore",
    "Store",
    "StoreError",
    "begin_afresh",
    "new_id",
    "prepare",
    "replies",
    "reply_from",
    "reply_to",
    "repair",
    "since_fresh",
    "submit",
]

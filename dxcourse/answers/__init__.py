"""What a learner answered: the record, its stores, and the one way in (`submit`)."""

from dxcourse.answers._file import FileStore
from dxcourse.answers._lines import repair
from dxcourse.answers._record import Entry, Record, new_id, since_fresh
from dxcourse.answers._reply import ItemReply, Reply, replies, reply_from, reply_to
from dxcourse.answers._sql import SqlStore
from dxcourse.answers._store import Guard, Refused, Store, StoreError
from dxcourse.answers._submit import begin_afresh, prepare, submit
from dxcourse.answers._transfer import export_file, import_file
from dxcourse.answers._tries import AttemptsUsed

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
    "export_file",
    "import_file",
    "new_id",
    "prepare",
    "repair",
    "replies",
    "reply_from",
    "reply_to",
    "since_fresh",
    "submit",
]

"""The one thing that all errors of ours share which are meant for a person."""


class ReadableError(Exception):
    """What went wrong, said to a person: the message names the place and the cure.

    Commands print it without a traceback; everything else is a mistake in the program.
    """

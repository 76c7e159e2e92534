"""A live session: one exercise in a room, on phones, on the board and on the wall."""

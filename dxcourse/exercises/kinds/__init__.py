"""The course's own kinds of exercise, a file a kind."""

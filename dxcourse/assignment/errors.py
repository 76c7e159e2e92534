"""What can be wrong with an assignment."""

from dxcourse.course import CourseError


class AssignmentError(CourseError):
    """An assignment's folder is wrong; the message names the file and the cure."""

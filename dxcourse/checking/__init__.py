"""The course's linter: what its authors have to mend, by file and line.

A rule is a pure function from what was read to its findings; a file holds the rules of one matter.
"""

from dxcourse.checking.coverage import coverage
from dxcourse.checking.report import Report
from dxcourse.checking.run import check
from dxcourse.errors import Finding

__all__ = ["Finding", "Report", "check", "coverage"]

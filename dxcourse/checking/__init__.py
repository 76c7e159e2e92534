"""The course's linter: what its authors have to mend, by file and line.

A rule is a pure function from what was read to its findings; a file holds the rules of one matter.
"""

from dxcourse.checking._check import check
from dxcourse.checking._coverage import coverage
from dxcourse.checking._finding import Finding
from dxcourse.checking._report import Report

__all__ = ["Finding", "Report", "check", "coverage"]

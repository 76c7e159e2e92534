"""What is left of a workshop: a page to print, an Excel file, and all answers as CSV.

All three are made from a snapshot of the workshop. None holds a name, and what someone typed
stands word for word only where they agreed.
"""

from dxcourse.workshop.report.answers import answers_csv
from dxcourse.workshop.report.excel import excel_report
from dxcourse.workshop.report.page import html_report

__all__ = ["answers_csv", "excel_report", "html_report"]

"""What is left of a workshop: a page to print, Excel, PowerPoint, and all answers as CSV.

All are made from a snapshot of the workshop. None holds a name, and what someone typed
stands word for word only where they agreed.
"""

from typing import TYPE_CHECKING

from dxcourse.lazy import lazy_names
from dxcourse.workshop.report.answers import answers_csv
from dxcourse.workshop.report.comparison import compare_rooms, compare_tables, fiscal_year
from dxcourse.workshop.report.page import html_comparison, html_report

if TYPE_CHECKING:
    from dxcourse.workshop.report.excel import excel_comparison, excel_report
    from dxcourse.workshop.report.slides import powerpoint_report

__all__ = [
    "answers_csv",
    "compare_rooms",
    "compare_tables",
    "excel_comparison",
    "excel_report",
    "fiscal_year",
    "html_comparison",
    "html_report",
    "powerpoint_report",
]

# What needs openpyxl or python-pptx: a room starts without them.
__getattr__ = lazy_names(
    __name__,
    {"excel_comparison": "excel", "excel_report": "excel", "powerpoint_report": "slides"},
)

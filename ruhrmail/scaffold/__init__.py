"""New files for editors: a project, an issue, the schemas their editors complete and check with."""

from ruhrmail.scaffold.copy import copy_issue
from ruhrmail.scaffold.issue import fill_pattern, find_schema_line, write_issue
from ruhrmail.scaffold.project import Wanted, project_files, write_project

__all__ = [
    "Wanted",
    "copy_issue",
    "fill_pattern",
    "find_schema_line",
    "project_files",
    "write_issue",
    "write_project",
]

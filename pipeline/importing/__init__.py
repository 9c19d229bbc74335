"""
Importing: articles and pages from a file, beside the web.
"""

from pipeline.importing.intake import import_file
from pipeline.importing.outlets import outlet_id_of
from pipeline.importing.records import read_articles

__all__ = ["import_file", "outlet_id_of", "read_articles"]

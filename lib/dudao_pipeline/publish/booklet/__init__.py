"""All appendices of a county as one PDF with bookmarks, set by typst from the published pages."""

from dudao_pipeline.publish.booklet.compiling import write_booklet

__all__ = ["write_booklet"]

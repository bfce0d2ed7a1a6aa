"""All appendices of a county as one PDF with bookmarks, set by typst from what pages show."""

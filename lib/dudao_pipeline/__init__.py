"""The way from workbooks to published appendices; nothing in dudao imports it."""

import sys

# nbformat imports jsonschema, which imports 39 grammars of addresses (a second of every process)
# for a format that no notebook has. Where the package is absent, the format is not checked.
sys.modules.setdefault("rfc3987_syntax", None)

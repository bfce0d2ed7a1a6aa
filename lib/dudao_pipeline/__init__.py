"""The way from workbooks to published appendices; nothing in dudao imports it."""

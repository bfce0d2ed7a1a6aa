"""Under which types a notebook puts out data of ours."""

RESULTS = "application/vnd.dudao.results+json"  # as docs/results-schema.json declares it
TABLES = "application/vnd.dudao.table+json"  # as docs/table-schema.json declares it

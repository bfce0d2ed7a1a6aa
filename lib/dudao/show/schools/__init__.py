"""School by school: the official forms, what each school lacks, and pictures of the spread."""

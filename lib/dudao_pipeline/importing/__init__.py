"""Tables that an office already has, read as they are: found, mapped, and put into the workbook."""

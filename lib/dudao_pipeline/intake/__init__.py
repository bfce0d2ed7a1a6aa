"""What is handed in: read, checked, stored; and the workbook that is filled."""

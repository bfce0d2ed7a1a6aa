"""What turns handed-in files into published appendices; nothing in `dudao` imports it."""

"""The public edition: without small schools, without what their neighbours would reveal."""

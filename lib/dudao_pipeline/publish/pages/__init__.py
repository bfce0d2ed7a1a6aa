"""The page of one executed notebook: its head, its cells in order, its tables and charts."""

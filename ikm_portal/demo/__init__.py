"""The demonstration: offices, programmes and invented people. Never loaded where real people are kept."""

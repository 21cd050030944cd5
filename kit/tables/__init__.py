"""Spreadsheets of people's data in: read in a process of their own, a row at a time, whatever the file is.

`reading`, `xlsx`, `text` and `child` know nothing of Django; `apart` starts the process and says in words what it
refused.
"""

"""Signatures on papers: by hand and scanned, with a certificate file, or by the government's service.

`certificates`, `looking`, `scans` and `child` know nothing of Django: they read what somebody uploaded, in a process of
their own with limits. `apart` starts it and says in words what it refused; `service` speaks to the e-sign service.
"""

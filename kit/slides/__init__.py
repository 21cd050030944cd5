"""Slides that residents send as PDF: written anew in a process of its own, with nothing but what is drawn.

`rewriting` and `child` know nothing of Django; `apart` starts the process and says in words what it refused.
"""

"""The contender: the least Django project with the same three requests, as `startproject` and the manual would have it.

One form of 13 fields drawn by Django, one transaction (seat, registration, outbox row), one confirmation page. It has
no encryption, no second language, no rules, no waiting list, no audit trail, no throttle and no compression.
"""

"""The map of the API: its addresses, the form of its errors and pages, its description.

What one resource answers lives with its app (``programs/api``, ``beneficiaries/api.py``, …).
"""

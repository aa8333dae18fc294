"""The permission matrix: every route, every principal, every relation to the object.

``table.py`` is the one table: a route that is not in it fails. Whoever adds a route adds its line there,
and, for a list, a line in ``listings.py``.
"""

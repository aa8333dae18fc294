"""Intake: what offices really send becomes rows an officer can look at before anything is stored.

The way of a workbook: :mod:`.reader` (a child process with limits turns bytes into cells) → :mod:`.parse`
(cells into rows and sums, pure) → :mod:`.appraise` (units, law, doubles) → :mod:`.stage` and :mod:`.apply`
(kept, matched with what is known, drafted). Nothing before ``stage`` writes to the database.
"""

"""The next reform of units: a workbook of changes, looked at, then applied by a second person."""

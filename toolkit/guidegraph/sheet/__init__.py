"""Workbooks of a guideline: what is in it as rows, and what was changed there put back."""

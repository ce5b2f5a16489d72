"""Lists and weeks as offices have them: bytes in, plain typed rows and what is unclear out.

`sheets` opens the file, `columns` finds the head, `people` and `weeks` read the rows. Nothing here
knows the database; nothing here writes.
"""

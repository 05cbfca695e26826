"""Backups: one compressed archive with the database and the uploaded files.

`archive` is the file, `contents` what goes into it, `sqlite`, `postgresql` and `portable` are three ways
to keep a database. The first two are the databases' own; the third restores into either.
"""

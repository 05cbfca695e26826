"""Pure arithmetic behind every number the portal shows.

Standard library, `pyroaring` and `decimal` only: no database, no clock, no settings.
Days are local calendar days of the engagement; "today" always comes in from the caller.
"""

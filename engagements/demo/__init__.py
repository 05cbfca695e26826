"""The demo: invented companies and people, and half a year of work that a fixed seed makes the same each time.

`stories/` holds plain data (who, what, when, in weeks before today), `usage` and `flights` make the
use that is measured, `facts` the figures the texts mention, `seeding/` writes it all.
"""

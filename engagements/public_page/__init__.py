"""The page a customer reads: frozen content (`content`) and how it is told (`page`).

Nothing here knows the database. A field that is not named in `content` cannot reach a customer.
"""

"""Full-text search over records of the other apps: what is indexed, how it is cut into words, how it is found.

Whether somebody may see a hit is not decided here: see fde_portal/accounts/search.py.
"""

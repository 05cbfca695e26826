"""Published cases against the metric functions that the pages use: `manage.py check_vectors FOLDER`.

A file of cases or a log with reference tables becomes `Checked` results. What a kind of case is
computed with stands in one small function of `adoption`, `misc` or `roi`; `kinds` lists them.
Nothing here knows a case by its name.
"""

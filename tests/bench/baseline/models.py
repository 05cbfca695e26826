from django.db import models


class Item(models.Model):
    """A row of 8 columns; a page shows the 100 of one group, found by its index."""

    group = models.IntegerField(db_index=True)
    name = models.CharField(max_length=80)
    owner = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
    amount = models.IntegerField()
    due = models.DateField()
    note = models.CharField(max_length=120)

    class Meta:
        app_label = "baseline"

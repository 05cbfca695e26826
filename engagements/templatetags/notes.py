"""`{% load notes %}`: the text of a note as safe HTML."""

from django import template

from engagements.selectors.note import rendered

register = template.Library()

register.filter("rendered", rendered)

"""All tags and filters of the interface in one library: `{% load ui %}`. docs/ui.md shows each with an example."""

from django import template

from fde_portal.core.templatetags import ui_blocks, ui_charts, ui_formats, ui_forms, ui_marks

register = template.Library()

for part in (ui_blocks, ui_charts, ui_formats, ui_forms, ui_marks):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

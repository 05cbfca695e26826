"""How the OpenAPI document describes usage: the shapes are checked by hand, so no serializer has them."""

from engagements.intake.rows import COUNTS, LONGEST_ACTOR, LONGEST_NAME, MOST_ERRORS, ROWS_AT_ONCE

_NAME = {"type": "string", "maxLength": LONGEST_NAME}
_NUMBER = {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "format": "date"}

ROW = {
    "type": "object",
    "required": ["actor"],
    "additionalProperties": False,
    "description": "Either `date`, a local day taken as it is, or `ts`, an instant whose local day is found at intake.",
    "properties": {
        "actor": {"type": "string", "minLength": 1, "maxLength": LONGEST_ACTOR},
        "date": _DAY,
        "ts": {"type": "string", "format": "date-time"},
        "feature": _NAME,
        "release": _NAME,
        **{name: _NUMBER | {"default": 1 if name == "events" else 0} for name in COUNTS},
        "event_id": {"type": "string", "maxLength": LONGEST_ACTOR, "description": "Needed by sources of single events, unknown to others."},
        "seconds_saved": {"type": "integer", "default": 0, "description": "Negative when it took longer."},
    },
}
BATCH = {
    "type": "object",
    "required": ["rows"],
    "properties": {"rows": {"type": "array", "minItems": 1, "maxItems": ROWS_AT_ONCE, "items": ROW}},
}
ERRORS = {
    "type": "array",
    "maxItems": MOST_ERRORS,
    "items": {
        "type": "object",
        "properties": {
            "row": {"type": "integer", "nullable": True, "description": "From 1; in CSV the heading is row 1."},
            "column": {"type": "string"},
            "message": {"type": "string"},
        },
    },
}
RECEIPT = {
    "type": "object",
    "properties": {
        "batch": {"type": "integer", "description": "Counts the batches of the source."},
        "state": {"type": "string", "enum": ["loading", "accepted", "failed", "cancelled", "rolled_back"]},
        "replayed": {"type": "boolean", "description": "The same batch came before: this is its first answer."},
        "rows": {"type": "integer"},
        "first_day": _DAY | {"nullable": True, "description": "Local, included; null until it is loaded."},
        "last_day": _DAY | {"nullable": True},
        "repeated": {"type": "integer", "description": "Events that another batch brought before."},
        "refused": {"type": "integer", "description": "Rows left out, with mode=partial."},
        "errors": ERRORS,
        "progress": {"type": "integer", "description": "Percent of the body that is read."},
    },
}
REFUSED = {
    "type": "object",
    "properties": {
        "detail": {"type": "string"},
        "errors": ERRORS,
    },
}

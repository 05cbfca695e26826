"""Programs to copy: a test and a first batch with a new token."""

CHECK = r"""curl '{url}?mode=check' \
  -H "Authorization: Bearer {secret}" \
  -H "Content-Type: application/json" \
  --data '{{"rows": [{row}]}}'"""

CURL = r"""curl {url} \
  -H "Authorization: Bearer {secret}" \
  -H "Idempotency-Key: $(sha256sum usage.csv | cut -c1-64)" \
  -H "Content-Type: text/csv" \
  --data-binary @usage.csv"""

PYTHON = """import json, urllib.request, uuid

rows = [{row}]
request = urllib.request.Request(
    "{url}",
    data=json.dumps({{"rows": rows}}).encode(),
    headers={{
        "Authorization": "Bearer {secret}",
        "Idempotency-Key": str(uuid.uuid4()),
        "Content-Type": "application/json",
    }},
)
print(urllib.request.urlopen(request).read())"""


ROW = '{{"actor": "ann", "date": "{day}", "feature": "draft", "events": 3{more}}}'


def sample_rows(day: str, kind: str) -> str:
    """Return a heading and one row of CSV to try a source with; `day` is an ISO date, `kind` that of the source."""
    more = (",event_id", ",first") if kind == "events" else ("", "")
    return f"actor,date,feature,events{more[0]}\nann,{day},draft,3{more[1]}"


def samples(url: str, secret: str, day: str, kind: str) -> dict[str, str]:
    """Return the programs for the address `url`; `day` is an ISO date to send as an example, `kind` that of the source."""
    more = ', "event_id": "first"' if kind == "events" else ""
    values = {"url": url, "secret": secret, "row": ROW.format(day=day, more=more)}
    return {"check": CHECK.format(**values), "curl": CURL.format(**values), "python": PYTHON.format(**values)}

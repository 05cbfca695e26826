"""Programs to copy: a first batch with a new token."""

CURL = r"""curl {url} \
  -H "Authorization: Bearer {secret}" \
  -H "Idempotency-Key: $(sha256sum usage.csv | cut -c1-64)" \
  -H "Content-Type: text/csv" \
  --data-binary @usage.csv"""

PYTHON = """import json, urllib.request, uuid

rows = [{{"actor": "ann", "date": "{day}", "feature": "draft", "events": 3}}]
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


def samples(url: str, secret: str, day: str) -> dict[str, str]:
    """Return both programs for the address `url`; `day` is an ISO date to send as an example."""
    return {"curl": CURL.format(url=url, secret=secret), "python": PYTHON.format(url=url, secret=secret, day=day)}

"""Ticks of the checklist become answers at the gates; standard texts about safety and handover get their keys."""

from django.db import migrations

PHASES = ("discovery", "prototype", "pilot", "production", "handover")
KEYS = {
    "AI risk class recorded": "risk_class",
    "Personal data recorded": "personal_data",
    "Autonomy by environment approved in writing: autonomous, needs approval, blocked": "autonomy",
    "Human review path in place": "human_review",
    "Rollback tried": "rollback",
    "Incident plan agreed": "incident_plan",
    "Receiving team has shown that it can operate": "operate",
    "Receiving team has shown that it can extend": "extend",
    "Receiving team has shown that it can govern": "govern",
    "Receiving team has shown that it can evolve": "evolve",
    "No asset without an owner": "owners",
    "AI 风险等级已记录": "risk_class",
    "涉及的个人数据已记录": "personal_data",
    "各环境的自主程度已书面批准：自主、需审批、禁止": "autonomy",
    "人工复核途径已建立": "human_review",
    "已演练回滚": "rollback",
    "应急预案已确认": "incident_plan",
    "接收团队已证明能够运行": "operate",
    "接收团队已证明能够扩展": "extend",
    "接收团队已证明能够治理": "govern",
    "接收团队已证明能够演进": "evolve",
    "每项资产都有负责人": "owners",
}


def carry(apps, schema_editor):
    _name_lines(apps.get_model("engagements", "PlaybookCriterion"))
    items = apps.get_model("engagements", "ChecklistItem").objects.order_by("engagement_id", "id")
    gates = {}
    for item in items.iterator():
        if (item.engagement_id, item.phase) not in gates:
            gates |= _open(apps.get_model("engagements", "Gate"), item.engagement_id)
        _write(apps.get_model("engagements", "GateCriterion"), gates[item.engagement_id, item.phase], item)


def _name_lines(lines):
    """Give the first line with a standard text its key: a playbook asks about each once."""
    named = set()
    for line in lines.objects.filter(text__in=KEYS).order_by("id"):
        if (line.playbook_id, KEYS[line.text]) not in named:
            named.add((line.playbook_id, KEYS[line.text]))
            line.key = KEYS[line.text]
            line.save(update_fields=["key"])


def _open(gate_model, engagement_id):
    return {(engagement_id, phase): gate_model.objects.create(engagement_id=engagement_id, phase=phase) for phase in PHASES}


def _write(criterion_model, gate, item):
    key = KEYS.get(item.text, "")
    if key and criterion_model.objects.filter(gate=gate, key=key).exists():
        key = ""
    criterion_model.objects.create(
        gate=gate,
        text=item.text,
        key=key,
        answer="pass" if item.done_at else "unknown",
        answered_at=item.done_at,
        answered_by_id=item.done_by_id,
    )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0004_gates")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]

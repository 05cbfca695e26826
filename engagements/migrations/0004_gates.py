"""Gates with their criteria and decisions, and assets; what a playbook asks about safety."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('engagements', '0003_health_versions_and_overrides'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('name', models.CharField(max_length=120, verbose_name='asset')),
                ('kind', models.CharField(choices=[('software', 'Software'), ('model', 'Model or prompt'), ('data', 'Data or test set'), ('access', 'Access or contract'), ('document', 'Document or runbook')], default='software', max_length=16, verbose_name='kind')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where it is')),
                ('note', models.TextField(blank=True, verbose_name='what the owner must know')),
            ],
            options={
                'verbose_name': 'asset',
                'verbose_name_plural': 'assets',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('phase', models.CharField(choices=[('discovery', 'Discovery'), ('prototype', 'Prototype'), ('pilot', 'Pilot'), ('production', 'Production'), ('handover', 'Handover')], max_length=16, verbose_name='before leaving')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                ('is_current', models.BooleanField(default=True, editable=False)),
                ('is_shared', models.BooleanField(default=False, verbose_name='ask the customer to sign off')),
                ('shared_wording', models.CharField(blank=True, help_text='In words for the customer. No criterion is shown there.', max_length=300, verbose_name='what the customer signs')),
                ('sign_off', models.CharField(choices=[('open', 'not answered'), ('signed', 'signed off'), ('declined', 'declined')], default='open', editable=False, max_length=16, verbose_name='sign-off')),
                ('sign_off_by', models.CharField(blank=True, editable=False, max_length=120, verbose_name='answered by')),
                ('sign_off_on', models.DateField(blank=True, editable=False, null=True, verbose_name='answered on')),
                ('sign_off_comment', models.TextField(blank=True, editable=False, verbose_name='comment')),
            ],
            options={
                'verbose_name': 'gate',
                'verbose_name_plural': 'gates',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='GateCondition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('text', models.CharField(max_length=200, verbose_name='condition')),
                ('due_on', models.DateField(verbose_name='due')),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'condition of a gate',
                'verbose_name_plural': 'conditions of gates',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GateCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('text', models.CharField(max_length=200, verbose_name='what must hold')),
                ('is_hard', models.BooleanField(default=True, verbose_name='hard')),
                ('key', models.CharField(blank=True, choices=[('risk_class', 'AI risk class'), ('personal_data', 'Personal data'), ('autonomy', 'Autonomy by environment'), ('human_review', 'Human review path'), ('incident_plan', 'Incident plan'), ('rollback', 'Rollback tried'), ('operate', 'Receiving team operates it'), ('extend', 'Receiving team extends it'), ('govern', 'Receiving team governs it'), ('evolve', 'Receiving team evolves it'), ('owners', 'Owners of assets')], max_length=16, verbose_name='asks about')),
                ('answer', models.CharField(choices=[('unknown', 'Unknown'), ('pass', 'Passed'), ('fail', 'Failed'), ('waived', 'Waived')], default='unknown', max_length=16, verbose_name='answer')),
                ('evidence', models.TextField(blank=True, help_text='What shows it, in a sentence.', verbose_name='evidence')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link to the evidence')),
                ('reason', models.TextField(blank=True, help_text='Why it failed, or why it is waived.', verbose_name='reason')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'criterion of a gate',
                'verbose_name_plural': 'criteria of gates',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='GateDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('go', 'Go'), ('conditions', 'Go with conditions'), ('hold', 'Hold'), ('stop', 'Stop')], max_length=16, verbose_name='decision')),
                ('our_deciders', models.CharField(max_length=300, verbose_name='decided on our side')),
                ('their_deciders', models.CharField(blank=True, max_length=300, verbose_name='decided at the customer')),
                ('dissent', models.TextField(blank=True, verbose_name='dissent')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_on', models.DateField(verbose_name='decided on')),
                ('decided_at', models.DateTimeField(verbose_name='recorded')),
                ('snapshot', models.TextField(verbose_name='frozen state')),
                ('snapshot_hash', models.CharField(max_length=64, verbose_name='hash')),
            ],
            options={
                'verbose_name': 'decision at a gate',
                'verbose_name_plural': 'decisions at gates',
                'ordering': ['-decided_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='in_dossier',
            field=models.BooleanField(default=False, verbose_name='goes into the dossier for the customer’s security team'),
        ),
        migrations.AddField(
            model_name='playbookcriterion',
            name='is_hard',
            field=models.BooleanField(default=True, help_text='While it is failed or unknown, the phase cannot be left.', verbose_name='hard'),
        ),
        migrations.AddField(
            model_name='playbookcriterion',
            name='key',
            field=models.CharField(blank=True, choices=[('risk_class', 'AI risk class'), ('personal_data', 'Personal data'), ('autonomy', 'Autonomy by environment'), ('human_review', 'Human review path'), ('incident_plan', 'Incident plan'), ('rollback', 'Rollback tried'), ('operate', 'Receiving team operates it'), ('extend', 'Receiving team extends it'), ('govern', 'Receiving team governs it'), ('evolve', 'Receiving team evolves it'), ('owners', 'Owners of assets')], max_length=16, verbose_name='asks about'),
        ),
        migrations.AlterField(
            model_name='response',
            name='kind',
            field=models.CharField(choices=[('acknowledge', 'Seen'), ('answer', 'Answered'), ('accept', 'Accepted'), ('reject', 'Not accepted'), ('confirm', 'Confirmed'), ('dispute', 'Disputed'), ('confirm_value', 'Value confirmed'), ('dispute_value', 'Value disputed'), ('sign', 'Signed off'), ('decline', 'Sign-off declined'), ('pulse', 'Pulse'), ('question', 'Question')], max_length=16, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='playbookcriterion',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), ('is_hard', True), _connector='OR'), name='playbook_safety_is_hard', violation_error_message='What is asked about safety or handover is always hard.'),
        ),
        migrations.AddConstraint(
            model_name='playbookcriterion',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('playbook', 'key'), name='playbook_asks_once_about_each', violation_error_message='This playbook asks about that already.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'decline'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='sign_off_declined_for_a_reason'),
        ),
        migrations.AddField(
            model_name='asset',
            name='engagement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assets', to='engagements.engagement', verbose_name='engagement'),
        ),
        migrations.AddField(
            model_name='asset',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='owned_assets', to='customers.stakeholder', verbose_name='owner at the customer'),
        ),
        migrations.AddField(
            model_name='gate',
            name='engagement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gates', to='engagements.engagement', verbose_name='engagement'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='done_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='engagement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gate_conditions', to='engagements.engagement', verbose_name='engagement'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='owned_gate_conditions', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='gatecriterion',
            name='answered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by'),
        ),
        migrations.AddField(
            model_name='gatecriterion',
            name='gate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='engagements.gate', verbose_name='gate'),
        ),
        migrations.AddField(
            model_name='gatedecision',
            name='gate',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='engagements.gate', verbose_name='gate'),
        ),
        migrations.AddField(
            model_name='gatedecision',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AddField(
            model_name='gatecondition',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='engagements.gatedecision', verbose_name='decision'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.UniqueConstraint(fields=('engagement', 'name'), name='asset_name_once_per_engagement', violation_error_message='This engagement already has an asset with this name, perhaps an archived one.'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.UniqueConstraint(fields=('engagement', 'phase', 'round'), name='gate_round_once_per_phase'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('engagement', 'phase'), name='one_current_gate_per_phase'),
        ),
        migrations.AddConstraint(
            model_name='gate',
            constraint=models.CheckConstraint(condition=models.Q(('is_shared', False), models.Q(('shared_wording', ''), _negated=True), _connector='OR'), name='shared_gate_has_words', violation_error_message='Write what the customer signs.'),
        ),
        migrations.AddConstraint(
            model_name='gatecriterion',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), ('answered_at__isnull', False), _connector='OR'), name='answered_by_only_when_answered'),
        ),
        migrations.AddConstraint(
            model_name='gatecriterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waived'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='waived_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='gatecriterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waived'), _negated=True), ('key', ''), _connector='OR'), name='safety_is_never_waived'),
        ),
        migrations.AddConstraint(
            model_name='gatecriterion',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), ('is_hard', True), _connector='OR'), name='safety_is_hard'),
        ),
        migrations.AddConstraint(
            model_name='gatecriterion',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('gate', 'key'), name='gate_asks_once_about_each'),
        ),
        migrations.AddConstraint(
            model_name='gatedecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('go', 'conditions')), _negated=True), models.Q(('their_deciders', ''), _negated=True), _connector='OR'), name='gate_opens_by_both_sides'),
        ),
        migrations.AddConstraint(
            model_name='gatedecision',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ('go', 'conditions')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='gate_stays_shut_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='gatecondition',
            constraint=models.CheckConstraint(condition=models.Q(('done_by__isnull', True), ('done_at__isnull', False), _connector='OR'), name='condition_done_by_only_when_done'),
        ),
    ]

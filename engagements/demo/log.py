"""What the logs of the demo hold, by engagement. Days are story days, people are named as in the story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engagements.demo.clock import FRI, MON, THU, TUE, WED, Day
from engagements.models import (
    Assumption,
    Decision,
    Experiment,
    FieldSignal,
    Integration,
    LogEntry,
    Opportunity,
    ScopeRequest,
    Training,
)


class LogPlan(NamedTuple):
    """`from_note` is the day of the note it came from. Fields whose names end in "_on" are story days too."""

    model: type[LogEntry]
    day: Day
    text: str
    fields: Mapping[str, object] = {}
    from_note: Day | None = None


LOGS: dict[str, tuple[LogPlan, ...]] = {
    "customs-declaration-copilot": (
        LogPlan(Integration, (0, FRI), "Declaration archive", {"readiness": "ready", "owner": "Ilse de Wit", "access": "Read only, weekly export",
                "quality": "Complete since 2023", "legal_basis": "Processing agreement, annex 2"}),
        LogPlan(Integration, (0, FRI), "Customs gateway", {"readiness": "ready", "owner": "Joost Hendriks", "access": "Service account"}),
        LogPlan(Integration, (0, THU), "Desk timer", {"readiness": "ready", "owner": "Ilse de Wit", "quality": "By declaration type"}),
        LogPlan(Integration, (0, MON), "Tariff table", {"readiness": "partial", "owner": "Joost Hendriks", "access": "A file by hand each week",
                "quality": "Up to seven days old"}),
        LogPlan(Integration, (-3, WED), "Felixstowe scanner", {"readiness": "waiting", "owner": "Grace Mensah", "access": "Waits for the security review"}),
        LogPlan(Decision, (-6, FRI), "Go-live waits for the security review", {"decided_by": "Anneke Visser", "in_dossier": True,
                "reason": "A start without the review would have to be taken back."}),
        LogPlan(Decision, (-4, MON), "Felixstowe gets its own scanner profile before more people join", {"decided_by": "Maya Okafor"}, (-7, WED)),
        LogPlan(Assumption, (-8, TUE), "Felixstowe scans are as sharp as those from Rotterdam", {
                "test": "Read 200 pages from each desk and compare the error rates", "verdict": "refuted"}),
        LogPlan(Assumption, (-3, THU), "Clerks confirm more carefully when only unsure fields are marked", {
                "test": "Plant 40 known errors over two weeks", "verdict": "open"}),
        LogPlan(Experiment, (-5, MON), "Straightening the page before reading halves the errors", {
                "measure": "Errors per page on 300 Felixstowe scans", "verdict": "confirmed", "result": "From 2.1 to 0.9 errors per page."}),
        LogPlan(Experiment, (-1, MON), "A night shift without support keeps its rate of confirmed drafts", {
                "measure": "Confirmed drafts per shift over ten nights"}),
        LogPlan(ScopeRequest, (-2, THU), "Draft the reply when the authority asks for papers", {"category": "reusable",
                "learning": "Whether letters to authorities work at all", "long_term_owner": "Gateway team", "stop_condition": "No draft sent unchanged in four weeks"}),
        LogPlan(Opportunity, (0, THU), "The Antwerp desk asks when it can start", {"worth": "40 more clerks", "next_step": "Visit with Ilse in January"}, (0, THU)),
        LogPlan(FieldSignal, (-7, WED), "The reader guesses when the edge of a page is cut off instead of saying that it cannot see it.", {
                "theme": "Says when it cannot read", "category": "quality", "destination": "Document reading", "disposition": "planned",
                "accepted_on": (-5, MON)}, (-7, WED)),
        LogPlan(FieldSignal, (-1, TUE), "Clerks want to see which part of the page a value came from.", {
                "theme": "Show where a value came from", "category": "missing", "destination": "Review screen", "disposition": "sent"}),
        LogPlan(Training, (-10, TUE), "Confirming drafts, Rotterdam day shift", {"people": 19, "audience": "Clerks of all teams",
                "feedback": "Clear. The marks for unsure fields should be easier to tell apart."}),
        LogPlan(Training, (-3, THU), "Second start at Felixstowe", {"people": 12, "audience": "Late shift", "feedback": "“Fast on clean scans.”"}),
    ),
    "claims-correspondence": (
        LogPlan(Integration, (0, WED), "Claim files", {"readiness": "ready", "owner": "Sophie Lund", "access": "API, read only", "legal_basis": "Contract, schedule 4"}),
        LogPlan(Integration, (0, WED), "Letter templates", {"readiness": "ready", "owner": "Dev Chandran"}),
        LogPlan(Integration, (-2, TUE), "Complaints register", {"readiness": "waiting", "owner": "Alan Whitcombe"}),
        LogPlan(Decision, (-9, FRI), "The handler sends, never the assistant", {"decided_by": "Alan Whitcombe", "reason": "Conduct rules ask for a person."}),
        LogPlan(Assumption, (-14, MON), "Handlers accept a draft that they can change in one minute", {"test": "Time 60 letters", "verdict": "holds"}),
        LogPlan(Experiment, (-12, MON), "Letters written with it bring fewer calls back", {"measure": "Calls within five days, 400 letters each",
                "verdict": "inconclusive", "result": "9.8 against 10.3 in a hundred: too close to tell."}),
        LogPlan(FieldSignal, (-6, THU), "Handlers ask which sentence of the file a fact in the letter came from.", {
                "theme": "Show where a value came from", "category": "missing", "destination": "Review screen", "disposition": "planned",
                "accepted_on": (-4, MON)}),
        LogPlan(FieldSignal, (-16, THU), "Handlers write their own first line, and the next draft throws it away.", {
                "theme": "Keeps what people wrote", "category": "usability", "destination": "Drafting", "disposition": "done",
                "accepted_on": (-14, TUE), "shipped_on": (-5, FRI)}),
        LogPlan(Opportunity, (-3, TUE), "Letters of the pet line", {"worth": "60 handlers", "next_step": "Ask Margaret for a name", "stage": "pursued"}),
        LogPlan(Training, (-8, TUE), "First letters, home line", {"people": 24, "audience": "Handlers", "feedback": "They want examples of good corrections."}),
    ),
    "credit-memo-drafting": (
        LogPlan(Integration, (-2, WED), "Client files", {"readiness": "ready", "owner": "Inês Calado"}),
        LogPlan(Integration, (-5, WED), "Rating model", {"readiness": "partial", "owner": "Paulo d’Orey", "quality": "No history before March"}),
        LogPlan(Decision, (-11, WED), "Memos above the branch limit stay with two readers", {"decided_by": "Beatriz Salgado"}),
        LogPlan(FieldSignal, (-4, TUE), "When a balance sheet is a poor copy the draft fills the gap instead of leaving it open.", {
                "theme": "Says when it cannot read", "category": "quality", "destination": "Document reading", "disposition": "sent"}),
        LogPlan(ScopeRequest, (-6, MON), "A second language for the branches abroad", {"category": "configuration", "decision": "deferred",
                "learning": "How much the wording depends on the language"}),
    ),
    "deviation-report-drafting": (
        LogPlan(Integration, (-1, TUE), "Batch records", {"readiness": "partial", "owner": "Yusuf Demir", "legal_basis": "Quality agreement"}),
        LogPlan(Assumption, (-4, TUE), "A validated export may leave the plant network", {"test": "Written answer from validation"}),
        LogPlan(FieldSignal, (-2, THU), "Reviewers sign only what shows its source: they need the record beside each statement.", {
                "theme": "show where a value came from", "category": "missing", "destination": "Review screen", "disposition": "new"}),
        LogPlan(Decision, (-3, FRI), "Minor deviations first", {"decided_by": "Chiara Bianchi", "reason": "They are half of all reports and need one signature."}),
    ),
    "planning-case-intake": (
        LogPlan(Decision, (0, WED), "The prototype keeps to made-up cases until legal answers",
                {"decided_by": "Amina Yusuf", "reason": "No list of fields was signed off."}),
        LogPlan(Training, (0, THU), "First look at the intake prototype", {"people": 6, "audience": "Duty desk"}),
    ),
}

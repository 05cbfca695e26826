"""placeholder"""
from __future__ import annotations
def create_gates(engagements, clock):
    pass

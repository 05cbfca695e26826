"""Secrets that are shown once and stored as digests."""

import hashlib
import secrets


def new_secret(prefix: str) -> str:
    """A token of 32 random bytes, recognisable by its prefix, safe in URLs and headers."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """SHA-256 as 64 hex digits. No salt: the secrets are random, so they cannot be guessed from it."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""Passwords are kept as salted scrypt hashes, made in a thread: each takes some 50 ms on purpose."""

import asyncio
import hashlib
import hmac
import secrets

COST, BLOCK, PARALLEL = 2**14, 8, 1
MAX_MEMORY = 64 * 2**20
SALT_BYTES = 16
NOBODY = "scrypt$00$00"
"""The hash of no password: checking it takes as long as checking one that exists."""


async def hashed(password: str) -> str:
    salt = secrets.token_bytes(SALT_BYTES)
    return f"scrypt${salt.hex()}${(await _key(password, salt)).hex()}"


async def matches(password: str, stored: str) -> bool:
    _, salt, key = stored.split("$")
    return hmac.compare_digest(await _key(password, bytes.fromhex(salt)), bytes.fromhex(key))


async def _key(password: str, salt: bytes) -> bytes:
    def derive() -> bytes:
        return hashlib.scrypt(
            password.encode(), salt=salt, n=COST, r=BLOCK, p=PARALLEL, maxmem=MAX_MEMORY
        )

    return await asyncio.to_thread(derive)

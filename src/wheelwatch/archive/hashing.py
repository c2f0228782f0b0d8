"""Hashes of many files at once: the one thing that is done to every byte, so it may use every core."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wheelwatch.archive.folder import OPEN_FLAGS

KIB = 1024
STEP = 256 * KIB
BATCH = 64
MAX_THREADS = 8
FEW = 2 * BATCH
"""So few jobs are done without threads."""

Job = TypeVar("Job")
Answer = TypeVar("Answer")


def in_parallel(work: Callable[[Job], Answer], jobs: Sequence[Job]) -> list[Answer]:
    """Do all jobs, on threads when there are many; reading and hashing let other threads run.

    Answers are in the order of the jobs.
    """
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    if len(jobs) <= FEW or threads == 1:
        return [work(job) for job in jobs]
    batches = [jobs[begin : begin + BATCH] for begin in range(0, len(jobs), BATCH)]
    with ThreadPoolExecutor(threads) as pool:
        rows = pool.map(lambda batch: [work(job) for job in batch], batches)
        return [answer for row in rows for answer in row]


def file_digest(path: str, algorithm: str, limit: int) -> bytes | None:
    """Hash of a regular file of at most ``limit`` bytes; ``None`` when it cannot be read."""
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError):
        return None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode) or info.st_size > limit:
            return None
        return _hashed(descriptor, algorithm)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _hashed(descriptor: int, algorithm: str) -> bytes:
    first = os.read(descriptor, STEP)
    if algorithm == "sha256":
        hashing = hashlib.sha256(first, usedforsecurity=False)
    else:
        hashing = hashlib.new(algorithm, first, usedforsecurity=False)
    if len(first) == STEP:
        while data := os.read(descriptor, STEP):
            hashing.update(data)
    return hashing.digest()

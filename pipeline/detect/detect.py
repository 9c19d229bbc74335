"""
Step 4, detect: drains the articles the ledger holds for detection.

    Article → DetectedArticle

Decides nothing: claims, asks the detector, settles.
"""

from __future__ import annotations

from collections import Counter

from pipeline.clock import Clock
from pipeline.detect.match import Detector
from pipeline.work import CHUNK, LEASE_S, DetectLedger


def detect(
    ledger: DetectLedger, detector: Detector, *, clock: Clock, worker: str, limit: int | None = None
) -> dict[str, int]:
    """Detect topics until nothing is pending, or `limit` articles are done.

    Returns:
        "detected" and "matched" articles, and under each topic's id how many it was found in.
    """
    counts: Counter[str] = Counter(detected=0, matched=0)
    while limit is None or counts["detected"] < limit:
        chunk = CHUNK if limit is None else min(CHUNK, limit - counts["detected"])
        claimed_at = clock.now()
        articles = ledger.claim_detections(worker=worker, now=claimed_at, limit=chunk)
        if not articles:
            break
        detected = []
        for article in articles:
            if (clock.now() - claimed_at).total_seconds() > LEASE_S / 2:
                claimed_at = clock.now()
                ledger.renew([waiting.article_id for waiting in articles], now=claimed_at)
            detected.append(detector.detect(article))
        ledger.settle_detections(detected, now=clock.now())
        counts["detected"] += len(detected)
        counts["matched"] += sum(bool(one.matches) for one in detected)
        counts.update(match.topic_id for one in detected for match in one.matches)
    return dict(counts)

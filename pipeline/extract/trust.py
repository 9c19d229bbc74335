"""
When is a template believed? Learnt from pages that agree, tried on some, verified on every Nth,
dropped when the site has changed.

    OutletTemplate, what came of a page → OutletTemplate

Pure. It is never needed: a page no template fits is read like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.extract.fit import Fit, Read, Use
from pipeline.extract.layout import agreed
from pipeline.templates import OutletTemplate, Trust

#: A new template, or one that was in doubt, is read beside the general extractor on so many pages in a row.
TRIAL = 3
#: Every so many pages one is read both ways: what a changed site can spoil before it is noticed.
VERIFY_EVERY = 20
#: After so many pages in a row that it does not fit, a template is of a site that is no more.
MISSES = 5
#: Of the latest pages so many are remembered.
_SEEN = 12


def use_of(template: OutletTemplate | None, *, since: int) -> Use | None:
    """How to read an outlet's next page; `since` are its pages given out since one was to be verified."""
    if template is None or template.layout is None or template.trust is Trust.LEARNING:
        return None
    verify = template.trust is Trust.TRIAL or since + 1 >= VERIFY_EVERY
    return Use(version=template.version, layout=template.layout, verify=verify)


def told(
    template: OutletTemplate, entry_id: str, read: Read, *, version: int, now: datetime
) -> OutletTemplate:
    """The template after one more page, which was read by its `version`; 0: by none."""
    if version not in {0, template.version} or (version and template.trust is Trust.LEARNING):
        # Given up meanwhile, by another worker or by a page of the same chunk.
        again = (entry_id,) if read.fit is Fit.FITS else ()
        return replace(template, again=(*template.again, *again))
    if read.fit is Fit.UNSURE:
        return template
    if read.fit is Fit.FITS:
        kept = (*template.unverified, entry_id)
        return replace(template, unverified=kept, used=template.used + 1, missed=0)
    looked = replace(template, seen=_with(template.seen, read.seen))
    return _judged(looked, read, now)


def _judged(template: OutletTemplate, read: Read, now: datetime) -> OutletTemplate:
    """After a page that was read generally, and by the template too unless that missed."""
    if read.fit is Fit.AGREES:
        return _trusted(template, now)
    if read.fit is Fit.DIFFERS:
        return _doubted(template, f"read both ways, the {read.why} differs")
    missed = replace(template, missed=template.missed + (read.fit is Fit.MISSED))
    if missed.missed >= MISSES:
        return _dropped(missed, f"did not fit {MISSES} pages in a row: {read.why}", keep=MISSES)
    return _learnt(missed)


def _with(
    seen: tuple[Mapping[str, Any], ...], page: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any], ...]:
    return (*seen, page)[-_SEEN:] if page else seen


def _trusted(template: OutletTemplate, now: datetime) -> OutletTemplate:
    count = template.agreed + 1
    trust = Trust.IN_USE if count >= TRIAL else template.trust
    return replace(
        template, agreed=count, missed=0, trust=trust, unverified=(), used=template.used + 1, verified_at=now
    )


def _doubted(template: OutletTemplate, why: str) -> OutletTemplate:
    """One in use goes back to its trial, for general extractors slip too; one on trial is given up."""
    if template.trust is Trust.IN_USE:
        return replace(template, trust=Trust.TRIAL, agreed=0)
    return _dropped(template, why, keep=1)


def _dropped(template: OutletTemplate, why: str, *, keep: int) -> OutletTemplate:
    """Start learning again, from the last `keep` pages; what it read unverified is to be read again."""
    fresh = replace(
        template,
        trust=Trust.LEARNING,
        layout=None,
        seen=template.seen[-keep:],
        agreed=0,
        missed=0,
        used=0,
        unverified=(),
        again=(*template.again, *template.unverified),
        verified_at=None,
        dropped=why,
    )
    return _learnt(fresh)


def _learnt(template: OutletTemplate) -> OutletTemplate:
    """With the layout its pages agree on, where that is another than before."""
    found = agreed(template.seen)
    if found is None or found.stored() == template.layout:
        return template
    return replace(
        template,
        version=template.version + 1,
        trust=Trust.TRIAL,
        layout=found.stored(),
        agreed=0,
        used=0,
    )

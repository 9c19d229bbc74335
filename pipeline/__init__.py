"""
Rasd: what Arabic news outlets publish, found again by topic and by word.

The five steps are the architecture::

    poll → fetch → extract → detect → index

Each takes pending work from the ledger, works, and settles it; see `docs/decisions.md`.
"""

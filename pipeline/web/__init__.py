"""
Pages for analysts and a JSON API for their programs: what the pipeline found, searched and shown.

    a request → a visitor (who may what) → a `SearchRequest` or a question to the ledger → a page,
    a JSON answer, or a file

Everything is rendered here, right to left first; scripts only make it handier. Nothing here decides
what an article is about or what a query means.
"""

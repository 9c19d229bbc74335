"""The pages and the API over a real ledger, a real index and, for some, a real browser."""

"""Arabic as pure functions: characters, words, stems, matching, dates, and their data tables."""

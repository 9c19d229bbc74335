"""
What Rasd costs, measured on real parts: `python -m bench`, or `make bench`.

Each measurement is a module: `imports` (a corpus through detection into both indexes), `queries`
(fifty of them on what was imported), `scheduled` (runs of the real DAG under real Airflow over a
generated press of forty outlets), `polling` (polls that find nothing, on real sockets) and `schedule`
(a week of polls on a fake clock, against a poll every ten minutes).
Nothing here is asserted: it prints a table.
"""

"""
What Rasd costs, measured on real parts: `python -m bench`, or `make bench`.

Three measurements, each a module: `imports` (a corpus through detection into both indexes),
`queries` (fifty of them on what was imported) and `scheduled` (runs of the real DAG under real
Airflow over a generated press of forty outlets). Nothing here is asserted: it prints a table.
"""

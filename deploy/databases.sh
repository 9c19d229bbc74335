#!/bin/sh
# Run once by the PostgreSQL image, when its volume is empty: a database each for the ledger and for
# Airflow, each with a user who owns that one and sees no other.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=ledger="$LEDGER_DB_PASSWORD" --set=airflow="$AIRFLOW_DB_PASSWORD" <<'SQL'
CREATE ROLE rasd LOGIN PASSWORD :'ledger';
CREATE DATABASE rasd OWNER rasd ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE rasd FROM PUBLIC;
CREATE ROLE airflow LOGIN PASSWORD :'airflow';
CREATE DATABASE airflow OWNER airflow ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE airflow FROM PUBLIC;
SQL

# Rasd with Airflow, as docker-compose.yml runs it.
#
# From Python's own image rather than Airflow's: the lock below is what is tested, Airflow included,
# and Airflow's image brings another set of packages that would have to be undone.
FROM python:3.11.14-slim-bookworm

# pg_dump for `rasd backup`, of the server's own version: an older one refuses to dump a newer server,
# and Debian 12 has 15. The script adds the repository of the PostgreSQL project.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-16 \
    && rm -rf /var/lib/apt/lists/*

# Every package with its hash; --no-deps because the lock is complete, and not even pip may add to it.
COPY requirements.lock /opt/rasd/
RUN pip install --no-cache-dir --disable-pip-version-check --compile --no-deps --require-hashes \
    -r /opt/rasd/requirements.lock

COPY pipeline /opt/rasd/pipeline
COPY dags /opt/rasd/dags
COPY config /opt/rasd/config
COPY --chmod=0755 deploy/rasd deploy/with-keys deploy/set-up /usr/local/bin/
ENV PYTHONPATH=/opt/rasd \
    PYTHONUNBUFFERED=1 \
    RASD_HOME=/var/lib/rasd \
    AIRFLOW_HOME=/var/lib/rasd/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/rasd/dags
RUN python -m compileall -q /opt/rasd/pipeline

# Not root; a named volume takes over the owner of the folder it is mounted on.
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/rasd --shell /usr/sbin/nologin rasd \
    && install --directory --owner=rasd --group=rasd --mode=0700 /var/lib/rasd /var/lib/rasd/airflow
USER rasd
WORKDIR /var/lib/rasd

ENTRYPOINT ["with-keys"]
CMD ["rasd", "--help"]

# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/requirements.txt

FROM packages AS files
WORKDIR /app
COPY . .
# These keys sign nothing and reach no other stage: the settings only refuse to be read without any.
RUN PORTAL_ENV=production SECRET_KEY=build ENCRYPTION_KEYS=1:YnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtMTI= \
    HASH_KEY=YnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtMTI= STATIC_ROOT=/static \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_ENV=production PORTAL_DATA=/data STATIC_ROOT=/static HOST=0.0.0.0 PORT=8000
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --home-dir /data --no-create-home portal \
    && install -d -o portal -g portal -m 0700 /data /backups
COPY --from=packages /opt/venv /opt/venv
COPY --from=files /static /static
COPY . /app
WORKDIR /app
USER 10001:10001
VOLUME ["/data", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "ikm_portal.wsgi"]

# One image for web, worker, beat and the migration step.
FROM python:3.13-slim AS packages
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r /requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONUTF8=1 DJANGO_SETTINGS_MODULE=khuyencong.settings \
    KC_STATIC_ROOT=/srv/static
# Tinos: Times New Roman's measures, every Vietnamese letter.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-croscore && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /srv/media /srv/static
COPY --from=packages /venv /venv
WORKDIR /srv/portal
COPY . .
# Static files need no secrets and no database; "test" only lets the settings load without them.
RUN KC_ENV=test DATABASE_URL=postgres://none:none@none/none python manage.py collectstatic --noinput -v 0 \
    && python -m compileall -q .
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "khuyencong.wsgi:application"]

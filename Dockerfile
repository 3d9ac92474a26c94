# Motions for a team's server: no root, nothing written but the temporary folder. How to run it: SECURITY.md.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --no-log-init --uid 10001 --home-dir /nonexistent motions
COPY --from=packages /venv /venv
WORKDIR /motions
COPY dashboard.py ./
COPY .streamlit ./.streamlit
COPY motions ./motions
COPY pages ./pages
COPY sample_data ./sample_data
RUN /venv/bin/python -m compileall -q dashboard.py motions pages sample_data
# One heap for all threads gives back more of a large file. The secrets say who may come in: without them it does not start.
ENV MALLOC_ARENA_MAX=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SECRETS_FILES=/run/secrets/motions.toml
USER motions
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/venv/bin/python", "-c", "import urllib.request as ask; ask.urlopen(ask.Request('http://127.0.0.1:8501/_stcore/health'), timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["/venv/bin/streamlit", "run", "pages/_server.py"]

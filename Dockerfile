# Not built where it was written (no container engine there); linted with hadolint.
# docker build --target web -t rapport-web . && docker build --target worker -t rapport-worker .
FROM node:22-bookworm-slim AS assets
WORKDIR /src/service/web/assets
COPY service/web/assets ./
RUN npm ci --no-audit --no-fund && node build.mjs

FROM python:3.11-slim-bookworm AS build
# Wheels of torch without CUDA: 0.2 GB in place of 3.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN python -m venv /opt/rapport
ENV PATH=/opt/rapport/bin:$PATH
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY models models
COPY prompts prompts
COPY eval eval
COPY service service
COPY --from=assets /src/service/web/static/vendor service/web/static/vendor
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" -c constraints.txt .

FROM python:3.11-slim-bookworm AS base
# pg_dump and pg_restore, for backups. Their version follows Debian.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends -y postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 rapport \
    && install -d -o rapport -g rapport -m 700 /data /models /audit
COPY --from=build /opt/rapport /opt/rapport
ENV PATH=/opt/rapport/bin:$PATH PYTHONUNBUFFERED=1 RAPPORT_DATA=/data RAPPORT_MODELS_DIR=/models
USER 10001
WORKDIR /home/rapport
VOLUME /data
ENTRYPOINT ["rapport"]

FROM base AS web
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["web", "--host", "0.0.0.0"]

# Weights are fetched into the volume (`rapport models fetch`), never baked in.
FROM base AS worker
VOLUME /models
CMD ["worker"]

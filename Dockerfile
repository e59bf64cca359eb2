# The platform with the local sandbox engine. Sandboxes are namespaces, so the container must be allowed
# to make them: run with --security-opt seccomp=unconfined --security-opt systempaths=unconfined.
FROM node:22-bookworm-slim AS node

FROM node AS console
WORKDIR /app
COPY scripts ./scripts
COPY web ./web
RUN scripts/build-console

FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap chromium fonts-liberation ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir uv && uv pip install --system --no-cache --require-hashes -r requirements.txt
COPY . .
COPY --from=console /app/src/stackwright/api/console src/stackwright/api/console
RUN uv pip install --system --no-cache --no-deps -e . \
 && useradd --create-home stackwright \
 && mkdir -p /data /app/log && chown stackwright: /data /app/log

USER stackwright
ENV HOST=0.0.0.0 STACKWRIGHT_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
CMD ["stackwright", "serve"]

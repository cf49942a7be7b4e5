# syntax=docker/dockerfile:1
# One image for every process of Carethread: docker-compose.yml gives each its command.

FROM node:22-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/carethread
COPY requirements/run.lock requirements/
RUN /opt/carethread/bin/pip install --require-hashes --only-binary :all: -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY platform/ platform/
COPY signaling/ signaling/
RUN /opt/carethread/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 carethread \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin carethread \
    && install --directory --owner carethread --group carethread --mode 0700 /var/lib/carethread /var/lib/carethread-anchors
# Scripts that the packaged fonts do not cover: Gujarati, Punjabi, Kannada, Malayalam, Sinhala and others.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/carethread /opt/carethread
COPY --from=web /build/web/dist /opt/carethread/web
ENV PATH=/opt/carethread/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CARETHREAD_HOME=/var/lib/carethread \
    CARETHREAD_WEB_DIST=/opt/carethread/web
USER carethread
WORKDIR /var/lib/carethread
VOLUME /var/lib/carethread /var/lib/carethread-anchors
CMD ["carethread", "api", "--host", "0.0.0.0"]

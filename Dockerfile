# The service with every channel and both databases; what is stored lies in the volume /data.

FROM python:3.11-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY constraints.txt pyproject.toml README.md ./
# The packages it stands on change seldom: a layer of their own, made before the sources are there.
RUN pip install --quiet --constraint constraints.txt pip setuptools \
 && pip wheel --quiet --constraint constraints.txt --no-build-isolation --wheel-dir /wheels \
        ".[telegram,postgres,redis]" \
 && rm /wheels/yizhan-*.whl
COPY . .
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --quiet --no-index --find-links /wheels \
        "yizhan[telegram,postgres,redis]"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin yizhan \
 && install --directory --owner=yizhan --group=yizhan --mode=0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 \
    YIZHAN_HOST=0.0.0.0 YIZHAN_PORT=8080 YIZHAN_DATA_DIR=/data
USER yizhan
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"YIZHAN_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]

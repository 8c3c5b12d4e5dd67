# 知遇 Zhiyu: slim, not root, healthy when /healthz says so.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 ZHIYU_HOST=0.0.0.0
RUN useradd --create-home --uid 10001 zhiyu && mkdir -p /app/data && chown zhiyu /app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY main.py config.yaml ./
COPY bot bot
COPY handlers handlers
COPY sandbox sandbox
COPY demo demo
COPY simulation simulation
COPY templates templates
COPY content content
RUN python -m compileall -q .  # the user below may not write here, and compiling takes a fifth of a start
USER zhiyu
EXPOSE 8600
VOLUME ["/app/data"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/healthz', timeout=2)"]
ENTRYPOINT ["python", "main.py"]
CMD ["serve"]

# One image for coordinator, workers and Flower; the command says which.
FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

RUN python3 -m venv /opt/farm && python3 -m venv /opt/build
WORKDIR /src
# The locked packages first: they change rarely, and the layer is kept.
COPY requirements/run.txt requirements/build.txt requirements/
RUN /opt/farm/bin/pip install --require-hashes -r requirements/run.txt \
 && /opt/build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY farm farm
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/farm/bin/pip install --no-deps /dist/*.whl


FROM python:3.11-slim

ENV PATH=/opt/farm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FARM_HOME=/var/lib/farm \
    FARM_CONFIG_DIR=/app/config

WORKDIR /app
RUN useradd --uid 10001 --user-group --home-dir /var/lib/farm --create-home farm
COPY --from=build /opt/farm /opt/farm
COPY config config

USER farm
ENTRYPOINT ["farm"]
CMD ["--help"]

# One image for coordinator, workers and Flower; the command says which.
FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

RUN python3 -m venv /opt/farm
WORKDIR /src
# The locked packages first: they change rarely, and the layer is kept.
COPY requirements/run.txt requirements/run.txt
RUN /opt/farm/bin/pip install --require-hashes -r requirements/run.txt
COPY requirements/dev.txt requirements/dev.txt
RUN python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install -c requirements/dev.txt hatchling
COPY pyproject.toml README.md LICENSE ./
COPY farm farm
RUN /opt/tools/bin/pip --python /opt/farm/bin/python install --no-deps --no-build-isolation .


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

# One image for coordinator, workers and Flower; the command says which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    FARM_HOME=/var/lib/farm \
    FARM_CONFIG_DIR=/app/config

WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/run.txt

RUN useradd --system --uid 10001 --home-dir /var/lib/farm --create-home farm \
 && printf '#!/bin/sh\nexec python -m farm "$@"\n' > /usr/local/bin/farm \
 && chmod 755 /usr/local/bin/farm
COPY config config
COPY farm farm

USER farm
VOLUME /var/lib/farm
ENTRYPOINT ["farm"]
CMD ["--help"]

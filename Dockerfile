FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    COLLECTED_STATIC=true \
    DATA_DIR=/data

WORKDIR /portal
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.txt \
    && useradd --system --no-create-home portal \
    && install --directory --owner portal /data

COPY . .
# Settings need a folder for the throw-away secret of this step.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput && rm -r /tmp/build

USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "fde_portal.core.healthcheck"]
# No access log: the addresses of shared pages are keys.
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]

# Untested: written where no container engine runs. It does what the README says:
# pip install . && sarcoma-kg serve.
#
#   docker build -t sarcoma-kg .
#   docker run --rm -p 8000:8000 -v sarcoma-kg:/home/sarcoma/graph sarcoma-kg

FROM python:3.12-slim

COPY . /source
RUN pip install --no-cache-dir /source && rm -r /source \
    && useradd --create-home sarcoma \
    && install --directory --owner sarcoma /home/sarcoma/graph

USER sarcoma
ENV SARCOMA_KG_HOME=/home/sarcoma/graph SARCOMA_KG_HOST=0.0.0.0
RUN sarcoma-kg build
EXPOSE 8000
CMD ["sarcoma-kg", "serve"]

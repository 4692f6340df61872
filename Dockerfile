# One image for every part. Weights are fetched into a volume, never baked in.
FROM python:3.11-slim
RUN useradd --create-home rapport
WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY models models
COPY prompts prompts
COPY eval eval
COPY service service
RUN pip install --no-cache-dir -c constraints.txt .
USER rapport
ENV RAPPORT_MODELS_DIR=/models
VOLUME /models
ENTRYPOINT ["rapport"]
CMD ["--help"]

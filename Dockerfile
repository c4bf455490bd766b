# The middleware. Node runs the TypeScript sources as they are: nothing is built, no development tool gets in.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS middleware
# An empty volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner=node --group=node --mode=700 /var/lib/codex-plus /var/lib/codex-plus-key
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
# With a mode, since a checkout may be readable for its owner alone.
COPY --chmod=755 package.json ./
# Only the schemas: settings may hold keys, so that they are mounted and not part of an image.
COPY --chmod=755 config/schemas config/schemas
COPY --chmod=755 middleware middleware
# Of the C library's pools of memory two are enough; each more of them keeps what it once had.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    CODEX_PLUS_STATE_DIR=/var/lib/codex-plus \
    LITELLM_MASTER_KEY_FILE=/var/lib/codex-plus-key/litellm_master_key
USER node
EXPOSE 3000
CMD ["node", "middleware/main.ts"]

# Codex beside it, for `codex-plus api`: the version that it was tried with.
FROM middleware AS codex-api
USER root
RUN npm install --global --no-audit --no-fund @openai/codex@0.171.0 \
    && install --directory --owner=node --group=node --mode=700 /var/lib/codex-plus/codex
USER node
EXPOSE 11435
CMD ["node", "middleware/main.ts", "api"]

# What is built where nobody says which.
FROM middleware

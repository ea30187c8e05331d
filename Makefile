# The one entry point: `make help` lists what can be made.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

SWIFT ?= swift
CONTAINERS ?= podman
VERSION := $(shell sed -n 's/.*version = "\(.*\)".*/\1/p' Sources/Router/Serving/BuildVersion.swift)
SWIFT_FILES := Package.swift Sources Tests

# A name after the colon is a command: where it is found, the package is not needed.
BUILD_PACKAGES := pkg-config:pkg-config libcurl4-openssl-dev libnghttp2-dev libssl-dev libyaml-dev zlib1g-dev
DEMO_PACKAGES := curl:curl jq:jq openssl:openssl python3:python3
LINT_PACKAGES := jq:jq python3:python3 shellcheck:shellcheck yamllint:yamllint python3-yaml
BENCH_PACKAGES := nginx-light:nginx wrk:wrk nghttp2-client:h2load gnuplot-nox:gnuplot $(DEMO_PACKAGES)
E2E_PACKAGES := etcd-server:etcd kubernetes-client:kubectl golang-go golang-github-modern-go-reflect2-dev \
  rsync:rsync dpkg-dev prometheus:promtool $(DEMO_PACKAGES)
INSTALL_PACKAGES := golang-github-masterminds-sprig-dev golang-github-ghodss-yaml-dev python3-jsonschema $(LINT_PACKAGES) $(E2E_PACKAGES)

PEERS_PACKAGES := nghttp2-client:h2load nghttp2-server:nghttpd nginx-light:nginx slowhttptest:slowhttptest \
  python3-h2 python3-hyperframe python3-hpack iproute2:ss $(DEMO_PACKAGES)
OBSERVE_PACKAGES := prometheus:promtool curl:curl jq:jq openssl:openssl python3:python3 python3-yaml
TLS_SCAN_PACKAGES := testssl.sh:testssl bsdextrautils:hexdump bind9-host:host procps:ps $(DEMO_PACKAGES)

CHAOS_PACKAGES := wrk:wrk nghttp2-client:h2load slowhttptest:slowhttptest strace:strace gcc:cc \
  python3-h2 python3-hyperframe python3-hpack $(DEMO_PACKAGES)

PLUGIN_PACKAGES := fish:fish zsh:zsh python3-yaml bsdutils:script curl:curl jq:jq
DEB_PACKAGES := dpkg-dev lintian:lintian mandoc:mandoc binutils:readelf chrpath:chrpath systemd:systemd-analyze $(DEMO_PACKAGES)

PAGE_PACKAGES := chromium:chromium chromium-driver:chromedriver fonts-dejavu-core python3:python3

IMAGE_PACKAGES := buildah:buildah podman:podman runc:runc conmon:conmon catatonit:catatonit debootstrap:debootstrap \
  iproute2:ip $(E2E_PACKAGES)

# A target is listed by the text behind ##, under the heading of the last line of ##@ before it. Tests/Lint/make-help wants that of each.
##@ Help
.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^##@ / { heading = substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { \
	    if (!(heading in text)) headings[++count] = heading; \
	    text[heading] = text[heading] sprintf("  make %-18s %s\n", $$1, $$2) } \
	  END { for (i = 1; i <= count; i++) printf("%s%s:\n%s", (i > 1 ? "\n" : ""), headings[i], text[headings[i]]) }' $(MAKEFILE_LIST)

##@ Build
.PHONY: deps
deps: ## Install what the build needs (Debian packages)
	@command -v $(SWIFT) > /dev/null || { echo "Swift 6.2 or newer is needed: https://www.swift.org/install" >&2; exit 1; }
	@.ci/install-packages $(BUILD_PACKAGES)

.PHONY: deps-test
deps-test: deps ## Install what the tests, the demo and the benchmarks need
	@.ci/install-packages $(LINT_PACKAGES) $(BENCH_PACKAGES) $(E2E_PACKAGES) $(PEERS_PACKAGES) \
	  $(TLS_SCAN_PACKAGES) $(CHAOS_PACKAGES) $(INSTALL_PACKAGES)

.PHONY: deps-demo deps-lint deps-bench deps-observe deps-peers deps-tls-scan deps-page deps-image deps-install
deps-demo: deps
	@.ci/install-packages $(DEMO_PACKAGES)
deps-lint: deps
	@.ci/install-packages $(LINT_PACKAGES)
deps-bench: deps
	@.ci/install-packages $(BENCH_PACKAGES)
deps-observe: deps
	@.ci/install-packages $(OBSERVE_PACKAGES)
deps-peers: deps
	@.ci/install-packages $(PEERS_PACKAGES)
deps-tls-scan: deps
	@.ci/install-packages $(TLS_SCAN_PACKAGES)
deps-page: deps
	@.ci/install-packages $(PAGE_PACKAGES)
deps-image: deps
	@.ci/install-packages $(IMAGE_PACKAGES)
deps-install:
	@.ci/install-packages $(INSTALL_PACKAGES)

.PHONY: build
build: deps ## Build both executables, optimized, into .build/release
	$(SWIFT) build -c release

.PHONY: demo
demo: deps-demo build ## Run router and controller between two sample adapters, without a cluster (KEEP=1 leaves them running)
	KEEP=$(KEEP) Tests/Demo/demo

##@ Test
# The unit tests are those of `sanitize`, which runs them twice.
TESTS := lint sanitize e2e install-test docs-test observe page-test peers tls-scan bench-quick chaos-quick fuzz-beside-churn
.PHONY: test
test: deps-test $(TESTS) ## Run the checks and tests that a change has to pass, dependencies included

# Beside them, what is made and looked at before a release.
.PHONY: test-release
test-release: export REPEAT := 3
test-release: sanitize plugin-test deb-test image-test ## Test for races three times, and the plugin, the Debian package and the image

.PHONY: unit
unit: deps ## Run the unit tests
	$(SWIFT) test --no-parallel

.PHONY: sanitize
sanitize: deps ## Run the unit tests under the thread sanitizer (REPEAT=1 times), then under the address sanitizer
	REPEAT=$(or $(REPEAT),1) Tests/Sanitizers/run thread
	Tests/Sanitizers/run address

.PHONY: e2e
e2e: deps-test build ## Run both executables against a real Kubernetes control plane
	Tests/EndToEnd/run

.PHONY: observe
observe: deps-observe build ## Test alerts and dashboard, with a real Prometheus that scrapes both executables
	Tests/Observability/run

.PHONY: docs-test
docs-test: deps-test build ## Type every command of the README and the quickstart in a played cluster, and compare
	Tests/Docs/run

.PHONY: install-test
install-test: deps-install ## Compare chart and kustomize, and ask a real API server about all that can be applied
	Tests/Install/run

.PHONY: peers
peers: deps-peers build ## Put the server between real and hostile peers: HTTP/2 floods, smuggling, slow callers, broken backends
	Tests/Peers/run

.PHONY: tls-scan
tls-scan: deps-tls-scan build ## Have testssl.sh examine the server
	Tests/TLSScan/run

.PHONY: page-test
page-test: deps-page build ## Look at the status page in headless Chromium, with the keyboard, in light and dark, under attack
	Tests/StatusPage/run

.PHONY: image
image: ## Build the image with podman, from its official base images (CONTAINERS=docker for another tool)
	$(CONTAINERS) build -f deploy/Containerfile -t metrics-router:$(VERSION) --build-arg VERSION=$(VERSION) \
	  --build-arg REVISION=$$(git rev-parse HEAD) --build-arg SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) .

.PHONY: image-test
image-test: deps-image build ## Build the image without a registry, look at it, and run it as the Deployment's pod
	Tests/Image/run

.PHONY: chaos
chaos: deps-test build ## Run the matrix of faults at its full numbers, which takes about two hours
	CHAOS_FULL=1 Tests/Chaos/run

# All but the churn, which takes its time beside the fuzzers.
.PHONY: chaos-quick
chaos-quick: deps-test build
	Tests/Chaos/run 0 10 11 2

.PHONY: soak
soak: deps-test build ## Let sources and connections come and go for an hour (MINUTES=60): memory and descriptors stay
	CHURN_MINUTES=$(or $(MINUTES),60) Tests/Chaos/run 12

.PHONY: fuzz
fuzz: deps ## Fuzz every reader of outside input (TIME=60 seconds each; by default 100,000 inputs)
	TIME=$(TIME) Tests/Fuzz/run

.PHONY: fuzz-beside-churn
fuzz-beside-churn: deps-test build
	CHURN_MINUTES=10 Tests/Chaos/run 12 & churn=$$!; status=0; Tests/Fuzz/run || status=$$?; wait $$churn && exit $$status

##@ Measure
# As the image has them, and where nothing else looks for executables.
STATIC_BUILD := .build/static
STATIC_FLAGS := --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs

.PHONY: bench
bench: deps-bench bench-build ## Measure what the server costs beside nginx
	BIN=$(STATIC_BUILD)/release Tests/Benchmarks/run

.PHONY: bench-scale
bench-scale: deps-bench bench-build ## Measure how figures grow with metrics, sources, connections and reloads
	BIN=$(STATIC_BUILD)/release Tests/Benchmarks/Scale/run

.PHONY: bench-build
bench-build:
	$(SWIFT) build -c release $(STATIC_FLAGS) --scratch-path $(STATIC_BUILD)

.PHONY: bench-quick
bench-quick: deps-bench build
	QUICK=1 Tests/Benchmarks/run
	QUICK=1 Tests/Benchmarks/Scale/run

##@ Package
.PHONY: install-plugin
install-plugin: ## Install kubectl metricsrouter below PREFIX (~/.local)
	deploy/plugin/install "$(or $(PREFIX),$(HOME)/.local)"

.PHONY: deb
deb: deps-deb bench-build ## Make the Debian package, in .build/deb
	BIN=$(STATIC_BUILD)/release deploy/deb/build

.PHONY: deps-deb deps-plugin
deps-deb: deps
	@.ci/install-packages $(DEB_PACKAGES)
deps-plugin: deps
	@.ci/install-packages $(PLUGIN_PACKAGES) $(E2E_PACKAGES)

##@ Test
.PHONY: deb-test
deb-test: deps-deb bench-build ## Make the Debian package, install it into a folder, and route metrics by its units' commands
	BIN=$(STATIC_BUILD)/release Tests/Deb/run

.PHONY: plugin-test
plugin-test: deps-plugin build ## Run kubectl metricsrouter against a real control plane
	Tests/Plugin/run

##@ Develop
.PHONY: hooks
hooks: ## Have git format and lint what is staged before each commit
	git config core.hooksPath .githooks

.PHONY: format
format: ## Format the Swift sources in place
	$(SWIFT) format -i -r -p $(SWIFT_FILES)

.PHONY: manifests
manifests: ## Render deploy/*.yaml and the chart of the kustomize files, and what is made of the alerts
	@.ci/install-packages python3-yaml
	deploy/observability/render
	deploy/kustomize/render

.PHONY: lint
lint: deps-lint ## Check format, imports, file lengths, shell scripts, manifests, that each message has an entry, and links
	$(SWIFT) format lint -s -r -p $(SWIFT_FILES)
	Tests/Lint/imports
	Tests/Lint/file-length
	Tests/Lint/shell
	Tests/Lint/manifests
	Tests/Lint/make-help
	Tests/Lint/messages
	Tests/Lint/links

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build

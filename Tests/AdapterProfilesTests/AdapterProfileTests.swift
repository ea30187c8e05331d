import AdapterProfiles
import Testing

/// Row by row what the adapters are known to do.
struct AdapterProfileTests {
  @Test func `prometheus-adapter lists what has samples and answers 404 for all else`() throws {
    var have = try stock(["pods/foo", "nodes/load", "namespaces/load"])
    let adapter = AdapterProfile.prometheusAdapter
    #expect(adapter.customList(have) == ["pods/foo", "nodes/load", "namespaces/load"])
    #expect(adapter.externalList(have) == ["queue"])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "702"])
    #expect(adapter.custom("nodes/web-1/load", have).values == ["702"])
    #expect(adapter.custom("namespaces/shop/metrics/load", have).values == ["701"])

    let unknown = adapter.custom("namespaces/shop/pods/*/bar", have)
    #expect(unknown.status == 404 && unknown.reason == "NotFound")
    #expect(unknown.message == "the server could not find the metric bar for pods")
    let elsewhere = adapter.custom("namespaces/shop/pods/api-0/foo", have)
    #expect(elsewhere.message == "the server could not find the metric foo for pods api-0")
    #expect(adapter.custom("pods/web-0/foo", have).status == 404, "not listed in this scope")
    #expect(
      adapter.external("default/nope", have).message == "the server could not find the metric nope for namespaces")
    #expect(adapter.external("shop/nope", have).message == "the server could not find the metric nope for ")

    have.objectLabels = ["app": "web"]
    #expect(adapter.custom("namespaces/shop/pods/*/foo?labelSelector=app%3Dweb", have).values?.count == 2)
    #expect(adapter.custom("namespaces/shop/pods/*/foo?labelSelector=app%3Dapi", have).status == 404)
  }

  @Test func `prometheus-adapter drops idle series, shows no samples as an empty list and an outage as 500`() throws {
    var have = try stock()
    let adapter = AdapterProfile.prometheusAdapter
    have.conditions = ["foo": .idle, "queue": .idle]
    #expect(adapter.customList(have) == [] && adapter.externalList(have) == [])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).status == 404)
    #expect(adapter.external("shop/queue", have).status == 404)
    have.conditions = ["foo": .unlisted, "queue": .unlisted]
    #expect(adapter.customList(have) == [] && adapter.externalList(have) == [])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "702"])
    #expect(adapter.external("shop/queue", have).values == ["701"])
    have.conditions = ["foo": .empty, "queue": .empty]
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).items?.isEmpty == true)
    #expect(adapter.custom("namespaces/shop/pods/web-0/foo", have).status == 404)
    #expect(adapter.external("shop/queue", have).items?.isEmpty == true)
    have.conditions = [:]
    have.isDown = true
    let down = adapter.external("shop/queue", have)
    #expect(down.status == 500 && down.reason == "InternalError")
    #expect(down.message == "Internal error occurred: unable to fetch metrics")
  }

  @Test func `KEDA lists a placeholder and needs the ScaledObject and its namespace`() throws {
    let have = try stock(external: ["shop/orders/s0-queue"])
    let adapter = AdapterProfile.keda
    let selector = "?labelSelector=scaledobject.keda.sh%2Fname%3Dorders"
    #expect(adapter.externalList(have) == ["externalmetrics"])
    #expect(adapter.external("shop/s0-queue" + selector, have).values == ["701"])

    for (path, message) in [
      ("shop/s0-queue", "scaledObject name is not specified"),
      (
        "other/s0-queue" + selector,
        #"rpc error: code = Unknown desc = error when getting metric values error getting scalers ScaledObject.keda.sh "orders" not found"#
      ),
      (
        "shop/s1-queue" + selector,
        "rpc error: code = Unknown desc = error when getting metric values no matching metrics found for s1-queue"
      ),
      ("shop/s0-queue?labelSelector=a%20in%20%28b%29", "invalid selector: [a in (b)]"),
    ] {
      let asked = adapter.external(path, have)
      #expect(asked.status == 500 && asked.reason == nil)
      #expect(asked.message == message)
    }
    #expect(adapter.ask("/apis/custom.metrics.k8s.io/v1beta1", have).answer.body == "404 page not found\n")
  }

  @Test func `Datadog lists a placeholder, ignores the namespace and makes names lower case`() throws {
    let have = try stock(external: ["datadogmetric@shop:orders", "nginx.requests{app=web}"])
    let adapter = AdapterProfile.datadog
    #expect(adapter.externalList(have) == ["externalmetrics"])
    let asked = adapter.external("elsewhere/DatadogMetric%40shop:Orders", have)
    #expect(asked.values == ["701"])
    #expect(asked.items?.first?["metricName"] as? String == "datadogmetric@shop:orders")
    #expect(adapter.external("a/nginx.requests?labelSelector=app%3Dweb", have).values == ["701"])

    let unknown = adapter.external("shop/datadogmetric@shop:nope", have)
    #expect(unknown.status == 500 && unknown.reason == "InternalError")
    #expect(
      unknown.message
        == "Internal error occurred: DatadogMetric not found for metric name: datadogmetric@shop:nope, datadogmetricid: shop/nope"
    )
    #expect(
      adapter.external("shop/datadogmetric@shop", have).message
        == "Internal error occurred: ExternalMetric does not follow DatadogMetric format: datadogmetric@shop")
    // printf 'avg:nginx.requests{*}.rollup(30)' | sha256sum | cut -c1-38
    #expect(
      adapter.external("shop/nginx.requests", have).message
        == "Internal error occurred: DatadogMetric not found for metric name: nginx.requests, datadogmetricid: datadog/dcaautogen-\(Self.hash)"
    )
  }

  @Test func `Datadog without DatadogMetrics answers an empty list`() throws {
    let have = try stock()
    #expect(AdapterProfile.datadogConfigMap.externalList(have) == ["queue"])
    #expect(AdapterProfile.datadogConfigMap.external("any/queue", have).values == ["701"])
    #expect(AdapterProfile.datadogConfigMap.external("any/nope", have).items?.isEmpty == true)
  }

  @Test func `Stackdriver lists one custom metric of any resource and a placeholder`() throws {
    var have = try stock(["pods/requests", "pods/other"], external: ["pubsub.googleapis.com|subscription|backlog"])
    let adapter = AdapterProfile.stackdriver
    #expect(adapter.customList(have) == ["*/custom.googleapis.com|requests"])
    #expect(adapter.externalList(have) == ["externalmetrics"])
    #expect(adapter.custom("namespaces/shop/pods/*/other", have).values == ["701", "702"])
    #expect(adapter.external("shop/pubsub.googleapis.com%7Csubscription%7Cbacklog", have).values == ["701"])

    let unknown = adapter.external("shop/pubsub.googleapis.com%7Cnope", have)
    #expect(unknown.status == 404)
    #expect(
      unknown.message == #"the server could not find the descriptor for metric "pubsub.googleapis.com/nope""#)
    let unsupported = adapter.custom("namespaces/shop/deployments.apps/web/requests", have)
    #expect(unsupported.status == 501 && unsupported.reason == "BadRequest")
    #expect(
      unsupported.message
        == #"Operation: "Get namespaced metric by name for resource \"deployments\"" is not implemented"#)
    let label = adapter.external("shop/pubsub.googleapis.com%7Csubscription%7Cbacklog?labelSelector=team%3Da", have)
    #expect(label.status == 400 && label.message == #"Metric label: "team" is not allowed"#)
    have.conditions["pubsub.googleapis.com|subscription|backlog"] = .empty
    #expect(
      adapter.external("shop/pubsub.googleapis.com%7Csubscription%7Cbacklog", have).items?.isEmpty == true)
    have.isDown = true
    #expect(adapter.custom("namespaces/shop/pods/*/requests", have).status == 404, "an outage looks the same")
  }

  @Test func `kube-metrics-adapter lists a metric for each namespace and answers an empty list`() throws {
    var have = try stock(["shop/pods/foo"], external: ["shop/queue{app=web}"])
    have.custom[0].namespaces.append("other")
    have.external[0].namespaces.append("other")
    let adapter = AdapterProfile.kubeMetricsAdapter
    #expect(adapter.customList(have) == ["pods/foo", "pods/foo"])
    #expect(adapter.externalList(have) == ["queue", "queue"])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "702"])
    #expect(adapter.external("other/queue?labelSelector=app%3Dweb", have).values == ["701"])

    #expect(adapter.custom("namespaces/shop/pods/*/nope", have).isNull)
    #expect(adapter.custom("namespaces/elsewhere/pods/*/foo", have).items?.isEmpty == true)
    #expect(adapter.external("elsewhere/queue", have).items?.isEmpty == true)
    #expect(adapter.external("shop/queue?labelSelector=app%3Dapi", have).items?.isEmpty == true)
    let named = adapter.custom("namespaces/shop/pods/web-0/nope", have)
    #expect(named.status == 404 && named.message == "the server could not find the metric nope for pods web-0")
  }

  @Test func `Azure lists nothing, tries any name and answers 400, by name 503`() throws {
    var have = try stock(external: ["shop/queue", "messages"])
    let adapter = AdapterProfile.azure
    #expect(adapter.customList(have) == [] && adapter.externalList(have) == [])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "701"], "one value for all")
    #expect(adapter.external("shop/queue", have).values == ["701"])
    #expect(
      adapter.external("shop/anything?labelSelector=metricName%3Dmessages%2CresourceGroup%3Dg", have).values
        == ["701"])

    for (path, message) in [
      ("other/queue", "metricName is required"),
      ("shop/nope?labelSelector=metricName%3Dmessages", "resourceGroup is required"),
      ("shop/nope?labelSelector=app%3Dweb", "selector label 'app' not supported"),
      ("shop/nope?labelSelector=app", "selector type not supported. only equals is supported at this time"),
    ] {
      let asked = adapter.external(path, have)
      #expect(asked.status == 400 && asked.reason == "BadRequest")
      #expect(asked.message == message)
    }
    #expect(adapter.custom("namespaces/shop/pods/*/nope", have).status == 400)
    let named = adapter.custom("namespaces/shop/pods/web-0/foo", have)
    #expect(named.status == 503 && named.reason == "ServiceUnavailable" && named.message == "not implemented yet")
    have.conditions["foo"] = .empty
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["0", "0"])
  }

  @Test func `CloudWatch lists names alone, goes by the namespace and takes no data for 0`() throws {
    var have = try stock(external: ["shop/queue"])
    let adapter = AdapterProfile.cloudwatch
    #expect(adapter.externalList(have) == ["queue"])
    #expect(adapter.external("shop/queue", have).values == ["701"])
    let unknown = adapter.external("other/queue", have)
    #expect(unknown.status == 400 && unknown.reason == "BadRequest" && unknown.message == "no metric query found")
    have.conditions["queue"] = .empty
    #expect(adapter.external("shop/queue", have).values == ["0"])
  }

  @Test func `New Relic lists its metrics, ignores the namespace and answers 500`() throws {
    let have = try stock()
    let adapter = AdapterProfile.newRelic
    #expect(adapter.externalList(have) == ["queue"])
    #expect(adapter.external("any/queue", have).values == ["701"])
    let unknown = adapter.external("any/nope", have)
    #expect(unknown.status == 500 && unknown.reason == nil)
    #expect(
      unknown.message == #"getting fresh external metric value: getting metric value: metric "nope" not configured"#)
    #expect(adapter.external("any/Queue", have).message?.contains("may not contain uppercase char") == true)
  }

  @Test func `Alibaba lists its metrics and answers 404 for custom and 500 for external ones`() throws {
    var have = try stock()
    let adapter = AdapterProfile.alibaba
    #expect(adapter.customList(have) == ["pods/foo"] && adapter.externalList(have) == ["queue"])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "702"])
    #expect(adapter.custom("namespaces/shop/pods/*/nope", have).status == 404)
    let unknown = adapter.external("shop/nope", have)
    #expect(unknown.status == 500 && unknown.message == "no any matched metrics from provider: {nope}")
    have.conditions["queue"] = .empty
    #expect(adapter.external("shop/queue", have).items?.isEmpty == true)
  }

  @Test func `Karmada lists the custom metrics of its clusters and no external one`() throws {
    var have = try stock()
    let adapter = AdapterProfile.karmada
    #expect(adapter.customList(have) == ["pods/foo", "pods/foo"] && adapter.externalList(have) == [])
    #expect(adapter.custom("namespaces/shop/pods/web-1/foo", have).values == ["702"])
    let unknown = adapter.custom("namespaces/shop/pods/*/nope", have)
    #expect(unknown.status == 404 && unknown.message == "the server could not find the metric nope for pods")
    let external = adapter.external("shop/queue", have)
    #expect(external.status == 500 && external.message == "karmada-metrics-adapter still not implement it")
    have.isDown = true
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).status == 404, "an outage looks the same")
  }

  @Test func `Keptn knows its own objects alone, by name 404 and by selector whatever matches`() throws {
    let have = try stock(["shop/keptnmetrics.metrics.keptn.sh/rate{app=web}"])
    let adapter = AdapterProfile.keptn
    #expect(adapter.customList(have) == ["keptnmetrics.metrics.keptn.sh/rate"])
    #expect(adapter.custom("namespaces/shop/keptnmetrics.metrics.keptn.sh/rate/rate", have).values == ["701"])
    let unknown = adapter.custom("namespaces/shop/keptnmetrics.metrics.keptn.sh/nope/nope", have)
    #expect(unknown.status == 404)
    #expect(
      unknown.message
        == "the server could not find the metric nope for keptnmetrics.metrics.keptn.sh nope with selector ")
    #expect(adapter.custom("namespaces/other/pods/*/nope", have).values == ["701"], "no other is looked at")
    #expect(adapter.custom("namespaces/shop/pods/*/rate?labelSelector=app%3Dapi", have).items?.isEmpty == true)
    #expect(adapter.external("shop/queue", have).answer.body == "404 page not found\n")
  }

  @Test func `Wavefront lists its metrics and answers 404 for custom and 500 for external ones`() throws {
    var have = try stock()
    let adapter = AdapterProfile.wavefront
    #expect(adapter.customList(have) == ["pods/foo"] && adapter.externalList(have) == ["queue"])
    #expect(adapter.custom("namespaces/shop/pods/*/foo", have).values == ["701", "702"])
    #expect(adapter.custom("namespaces/shop/pods/*/nope", have).status == 404)
    let unknown = adapter.external("shop/nope", have)
    #expect(unknown.status == 500 && unknown.reason == "InternalError")
    #expect(unknown.message == "Internal error occurred: missing query for external metric: nope")
    have.conditions["queue"] = .empty
    #expect(adapter.external("shop/queue", have).isNull)
  }

  private static let hash = "39ce99f04f81d9b5badb784e27c330e58fa4eb"
}

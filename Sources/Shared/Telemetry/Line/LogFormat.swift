/// How lines look: klog's text, or one JSON object a line as Kubernetes components write with `--logging-format=json`.
package enum LogFormat: String, Sendable, CaseIterable {
  case text
  case json
}

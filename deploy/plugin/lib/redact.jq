# Blots out of Kubernetes' objects what may be a secret: see bundle.bash.

def is_secret_name: ascii_downcase | test("token|passw|secret|api[-_]?key|credential|authorization|private[-_]?key|cookie")
  and (test("(file|name|ttl|review[s]?|namespace|ref|path|policy)$") | not);

def is_known_annotation:
  . == "deployment.kubernetes.io/revision" or startswith("metricsrouter.io/") or startswith("meta.helm.sh/")
  or startswith("autoscaling.alpha.kubernetes.io/conditions") or . == "control-plane.alpha.kubernetes.io/leader";

# What redact.sed does to other text.
def words:
  gsub("(?<p>^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(\\.[A-Za-z0-9_-]*)?"; "\(.p)[redacted]")
  | gsub("(?<p>[Bb]earer +)[A-Za-z0-9._~+/=-]{4,}"; "\(.p)[redacted]"; "i")
  | gsub("(?<p>[Bb]asic +)[A-Za-z0-9+/=]{8,}"; "\(.p)[redacted]"; "i")
  | gsub("(?<p>://[^/@: \"]*):[^/@ \"]+@"; "\(.p):[redacted]@")
  | gsub("(?<p>(token|passw(or)?d|secret|api[-_]?key)([\"']?[=:] *[\"']?|%3D))[^\\]\\[\"' ,;&{}\\\\]+"; "\(.p)[redacted]"; "i")
  | gsub("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\\z)"; "[redacted]"; "m");

# The words of a command line: `--token=x`, and `--token` with `x` behind it.
def arguments:
  . as $words
  | [range(length) as $i
      | $words[$i]
      | if type != "string" then .
        elif test("^--?[A-Za-z0-9_-]+=") and (split("=")[0] | is_secret_name) then (split("=")[0] + "=[redacted]")
        elif $i > 0 and ($words[$i - 1] | type == "string" and test("^--?[A-Za-z0-9_-]+$") and is_secret_name) and (startswith("-") | not)
        then "[redacted]"
        else . end];

def fields:
  with_entries(
    if .key == "annotations" and (.value | type) == "object" then
      .value |= with_entries(if (.key | is_known_annotation) then . else .value = "[redacted]" end)
    elif .key == "managedFields" then empty
    elif .key == "env" and (.value | type) == "array" then
      .value |= map(if type == "object" and has("value") then .value = "[redacted]" else . end)
    elif (.key == "args" or .key == "command") and (.value | type) == "array" then .value |= arguments
    elif (.value | type) == "string" and (.key | is_secret_name) then .value = "[redacted]"
    else . end);

walk(if type == "object" then fields elif type == "string" then words else . end)

{{/* The labels of every object. Those that others are selected by do not change with the chart's version. */}}
{{- define "metrics-router.labels" -}}
{{ include "metrics-router.chartLabels" . }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Those that commonLabels are not among: where an object has labels by another value, which may have the same names. */}}
{{- define "metrics-router.chartLabels" -}}
app.kubernetes.io/name: metrics-router
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* A digest says which image it is, whatever the tag says. */}}
{{- define "metrics-router.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The Secret that the server's certificate comes from. */}}
{{- define "metrics-router.servingSecret" -}}
{{- if eq .Values.certificates.mode "managed" -}}
metrics-router-serving-certificate
{{- else if eq .Values.certificates.mode "cert-manager" -}}
metrics-router-serving
{{- else -}}
{{ .Values.certificates.files.secretName }}
{{- end -}}
{{- end }}

{{/* Where the server shows its status and the controller reads it: nothing where both have their defaults. */}}
{{- define "metrics-router.statusAddress" -}}
{{- /* `--set` makes a number of 0, which counts as empty. */ -}}
{{- .Values.server.statusAddress | toString | default (ternary "0" "" .Values.hostNetwork) -}}
{{- end }}

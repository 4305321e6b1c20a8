/** Objects that the contract decides and the chart hands on, with the release's labels. */
export const policies = `{{- if and .Values.policies.enabled (not .Values.prepareUninstall) }}
{{- range $name, $object := .Values.policies.objects }}
{{- with $object }}
---
{{ include "vigia.object" (dict "root" $ "object" .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "vigia.object" -}}
{{- $labels := merge (dict) (include "vigia.labels" .root | fromYaml) (dig "metadata" "labels" dict .object) }}
{{- toYaml (merge (dict "metadata" (merge (dict "labels" $labels) .object.metadata)) .object) }}
{{- end }}
`;

/**
 * Refuses policies that would point past what these values make: they come whole from the contract, and a Service, port, namespace or grant that
 * was changed beside it would leave every Gateway without what its policy names. kgateway answers 500 then.
 */
export const pointing = `{{- define "vigia.pointing" -}}
{{- $remedy := "Change the contract and run vigia generate instead" }}
{{- $own := printf "%s/%s:%d" .Values.namespace .Values.collector.service.name (int .Values.collector.service.port) }}
{{- $granted := and (ne .Values.collector.mode "external") .Values.collector.service.create }}
{{- range $name, $object := .Values.policies.objects }}
{{- with $object }}
{{- $from := .metadata.namespace }}
{{- range regexFindAll "\\"backendRef\\":[{][^{}]*[}]" (toJson .spec) -1 }}
{{- $to := get (fromJson (printf "{%s}" .)) "backendRef" }}
{{- $named := printf "%s/%s:%d" (default $from (get $to "namespace")) (get $to "name") (int (get $to "port")) }}
{{- if ne $named $own }}
{{- fail (printf "%s points at Service %s, and these values have %s: its Gateway would answer 500. %s" $name $named $own $remedy) }}
{{- end }}
{{- if and $granted (ne $from $.Values.namespace) (not (has $from $.Values.grants)) }}
{{- fail (printf "%s points at Service %s, and grants lacks its namespace %s: its Gateway would answer 500. %s" $name $named $from $remedy) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
`;

export const monitors = `{{- if include "vigia.wanted" (dict "asked" .Values.monitors.enabled "has" (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor")) }}
{{- range $name, $object := .Values.monitors.objects }}
{{- with $object }}
---
{{ include "vigia.object" (dict "root" $ "object" .) }}
{{- end }}
{{- end }}
{{- end }}
`;

/** Rule files of the environment, each one object; its templates are Prometheus' own, so the file is never rendered. */
export const rules = `{{- if include "vigia.wanted" (dict "asked" .Values.rules.enabled "has" (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PrometheusRule")) }}
{{- range $path, $_ := .Files.Glob (printf "files/rules/%s/*.yaml" .Values.environment) }}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ printf "vigia-%s" (base $path | trimSuffix ".yaml") }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.labels" $ | nindent 4 }}
    {{- with $.Values.rules.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    argocd.argoproj.io/sync-wave: "0"
spec:
  {{- $.Files.Get $path | nindent 2 }}
{{- end }}
{{- end }}
`;

export const dashboards = `{{- $mode := .Values.dashboards.mode }}
{{- if eq $mode "auto" }}
{{- $mode = ternary "operator" "sidecar" (.Capabilities.APIVersions.Has "grafana.integreatly.org/v1beta1/GrafanaDashboard") }}
{{- end }}
{{- if ne $mode "none" }}
{{- range $path, $_ := .Files.Glob (printf "files/dashboards/%s/*.json" .Values.environment) }}
{{- $name := base $path | trimSuffix ".json" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.labels" $ | nindent 4 }}
    app.kubernetes.io/component: dashboard
    {{- if eq $mode "sidecar" }}
    {{ $.Values.dashboards.sidecar.label }}: {{ $.Values.dashboards.sidecar.labelValue | quote }}
    {{- end }}
  annotations:
    {{ $.Values.dashboards.sidecar.folderAnnotation }}: {{ $.Values.dashboards.folder | quote }}
data:
  {{ $name }}.json: |
    {{- $.Files.Get $path | nindent 4 }}
{{- if eq $mode "operator" }}
---
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata:
  name: {{ $name }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.labels" $ | nindent 4 }}
    app.kubernetes.io/component: dashboard
spec:
  folder: {{ $.Values.dashboards.folder | quote }}
  instanceSelector:
    {{- toYaml $.Values.dashboards.instanceSelector | nindent 4 }}
  configMapRef:
    name: {{ $name }}
    key: {{ $name }}.json
{{- end }}
{{- end }}
{{- end }}
`;

/** Their texts hold Datadog's own braces, so a spec is never rendered. */
export const datadog = `{{- if .Values.datadogObjects.enabled }}
{{- range $kind, $folder := dict "DatadogDashboard" "dashboards" "DatadogMonitor" "monitors" }}
{{- range $path, $_ := $.Files.Glob (printf "files/datadog/%s/%s/*.yaml" $.Values.environment $folder) }}
---
apiVersion: datadoghq.com/v1alpha1
kind: {{ $kind }}
metadata:
  name: {{ printf "vigia-%s" (base $path | trimSuffix ".yaml") | trunc 253 | trimSuffix "-" }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.labels" $ | nindent 4 }}
spec:
  {{- $.Files.Get $path | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
`;

export const extra = `{{- range .Values.extraManifests }}
---
{{ tpl (toYaml .) $ }}
{{- end }}
`;

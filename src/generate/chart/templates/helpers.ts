/**
 * Names, labels and what every pod shares. Selectors name the Service and not the release: gateways' policies point at that Service, so it is
 * what must never change.
 */
export const helpers = `{{- define "vigia.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "vigia.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "vigia.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "vigia.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "vigia.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: vigia
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Its pods: the operator gives its own names. */}}
{{- define "vigia.collector.selector" -}}
{{- if eq .Values.collector.mode "operator" -}}
app.kubernetes.io/component: opentelemetry-collector
app.kubernetes.io/instance: {{ printf "%s.%s" .Values.namespace .Values.collector.service.name }}
{{- else -}}
app.kubernetes.io/name: {{ .Values.collector.service.name }}
app.kubernetes.io/part-of: vigia
{{- end }}
{{- end }}

{{- define "vigia.collector.labels" -}}
app.kubernetes.io/name: {{ .Values.collector.service.name }}
app.kubernetes.io/component: collector
{{ include "vigia.labels" . }}
{{- end }}

{{- define "vigia.collector.metadata" -}}
name: {{ .Values.collector.service.name }}
namespace: {{ .Values.namespace }}
labels:
  {{- include "vigia.collector.labels" . | nindent 2 }}
{{- end }}

{{- define "vigia.collector.maxReplicas" -}}
{{- max (int .Values.collector.replicas) (int .Values.collector.autoscaling.maxReplicas) }}
{{- end }}

{{- /* Of one replica there is nothing to keep back. */}}
{{- define "vigia.collector.disruption" -}}
{{- if and .Values.collector.podDisruptionBudget.enabled (gt (int .Values.collector.replicas) 1) }}yes{{ end }}
{{- end }}

{{- define "vigia.collector.serviceAccount" -}}
{{- if .Values.collector.serviceAccount.create }}
{{- default .Values.collector.service.name .Values.collector.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.collector.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* repository:tag, or repository@digest. */}}
{{- define "vigia.image" -}}
{{- if .digest }}{{ printf "%s@%s" .repository .digest }}{{ else }}{{ printf "%s:%s" .repository .tag }}{{ end }}
{{- end }}

{{- /* What keeps an object when the release goes: gateways whose policies point at it would answer 500 for every route. One that is rendered no
     longer would make Argo CD's Application OutOfSync for ever, so that is not compared. */}}
{{- define "vigia.kept" -}}
{{- if not .Values.prepareUninstall }}
helm.sh/resource-policy: keep
argocd.argoproj.io/sync-options: Prune=false,Delete=false
argocd.argoproj.io/compare-options: IgnoreExtraneous
{{- end }}
{{- end }}

{{- /* Pod Security "restricted" (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */}}
{{- define "vigia.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
{{- end }}

{{- define "vigia.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* Whether this is a real cluster and not a rendering: only then is what lookup does not find really missing. */}}
{{- define "vigia.live" -}}
{{- if lookup "v1" "Namespace" "" "kube-system" }}yes{{ end }}
{{- end }}

{{- /* Whether objects that are "auto" are wanted: (dict "asked" true|false|"auto" "has" bool "what" text). */}}
{{- define "vigia.wanted" -}}
{{- if kindIs "bool" .asked }}
{{- if .asked }}yes{{ end }}
{{- else if .has }}yes{{ end }}
{{- end }}
`;

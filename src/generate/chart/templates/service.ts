/**
 * What policies point at. It comes before them, is never deleted by Helm unless that was prepared (uninstall.ts), and loses nothing but telemetry
 * when no pod is behind it. In a live cluster the namespace is there (checks.ts): grants are hooks, which come before any Namespace of the chart.
 */
export const service = `{{- if and (ne .Release.Namespace .Values.namespace) (not (include "vigia.live" .)) }}
apiVersion: v1
kind: Namespace
metadata:
  name: {{ .Values.namespace }}
  labels:
    {{- include "vigia.labels" . | nindent 4 }}
  annotations:
    argocd.argoproj.io/sync-wave: "-3"
    # Others may have put something into it: it stays.
    helm.sh/resource-policy: keep
    argocd.argoproj.io/sync-options: Prune=false,Delete=false
    argocd.argoproj.io/compare-options: IgnoreExtraneous
{{- end }}
{{- if ne .Values.collector.mode "external" }}
{{- if .Values.collector.service.create }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
  annotations:
    argocd.argoproj.io/sync-wave: "-2"
    {{- with include "vigia.kept" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
spec:
  selector:
    {{- include "vigia.collector.selector" . | nindent 4 }}
  {{- with .Values.collector.service.trafficDistribution }}
  trafficDistribution: {{ . }}
  {{- end }}
  ports:
  - name: otlp-grpc
    port: {{ .Values.collector.service.port }}
    targetPort: 4317
    protocol: TCP
    # Without it Envoy would speak HTTP/1.1 to it.
    appProtocol: grpc
{{- end }}
{{- if eq .Values.collector.mode "deploy" }}
---
# One name for each replica: stable for the StatefulSet, and where the test and people look at a replica's own metrics.
apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.collector.service.name }}-pods
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
  annotations:
    argocd.argoproj.io/sync-wave: "-2"
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "vigia.collector.selector" . | nindent 4 }}
  ports:
  - {name: otlp-grpc, port: 4317, targetPort: 4317, protocol: TCP, appProtocol: grpc}
  - {name: telemetry, port: 8888, targetPort: 8888, protocol: TCP, appProtocol: http}
  - {name: signals, port: 8889, targetPort: 8889, protocol: TCP, appProtocol: http}
{{- end }}
{{- end }}
`;

/**
 * Helm makes kinds that it does not know last and by name, and ListenerPolicy stands before ReferenceGrant. So in a live cluster a grant that is
 * missing is made by a hook before everything else, and Helm never deletes it; one that is there is left alone, because a hook would delete it
 * first. One for each namespace: a shared one would shrink before a namespace's policies are gone. Elsewhere (Argo CD) sync waves keep the order.
 */
export const grants = `{{- include "vigia.checks" . }}
{{- if and (ne .Values.collector.mode "external") .Values.collector.service.create }}
{{- $live := include "vigia.live" . }}
{{- if not (and $live .Values.prepareUninstall) }}
{{- range .Values.grants }}
{{- $name := include "vigia.grant" (dict "root" $ "namespace" .) }}
{{- if or (not $live) (not (lookup "gateway.networking.k8s.io/v1beta1" "ReferenceGrant" $.Values.namespace $name)) }}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: {{ $name }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" $ | nindent 4 }}
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
    {{- with include "vigia.kept" $ | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- if $live }}
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: hook-failed
    {{- end }}
spec:
  from:
  - group: gateway.kgateway.dev
    kind: {{ $.Values.grantKind }}
    namespace: {{ . }}
  to:
  - group: ""
    kind: Service
    name: {{ $.Values.collector.service.name }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A grant never changes: what it says is in its name. Names that would be cut keep a piece of their hash. */}}
{{- define "vigia.grant" -}}
{{- $name := printf "%s-%s-%s" .root.Values.collector.service.name (lower .root.Values.grantKind) .namespace }}
{{- if gt (len $name) 253 }}{{ printf "%s-%s" (trunc 240 $name) (sha256sum $name | trunc 12) }}{{ else }}{{ $name }}{{ end }}
{{- end }}
`;

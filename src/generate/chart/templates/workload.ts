export const config = `{{- if eq .Values.collector.mode "deploy" }}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
data:
  collector.yaml: |
    {{- include "vigia.collector.config" . | nindent 4 }}
{{- end }}

{{- /* As generated, but that a standalone Loki stands for the contract's. */}}
{{- define "vigia.collector.config" -}}
{{- with .Values.standalone }}
{{- if and .enabled .lokiInsteadOf }}
{{- $.Values.collector.config | replace .lokiInsteadOf (printf "http://%s-loki.%s:3100" (include "vigia.fullname" $) $.Values.namespace) }}
{{- else }}
{{- $.Values.collector.config }}
{{- end }}
{{- end }}
{{- end }}
`;

export const workload = `{{- if eq .Values.collector.mode "deploy" }}
apiVersion: apps/v1
kind: {{ .Values.collector.workload }}
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
spec:
  {{- if not .Values.collector.autoscaling.enabled }}
  replicas: {{ .Values.collector.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "vigia.collector.selector" . | nindent 6 }}
  template:
    {{- include "vigia.collector.pod" . | nindent 4 }}
  {{- if eq .Values.collector.workload "StatefulSet" }}
  serviceName: {{ .Values.collector.service.name }}-pods
  podManagementPolicy: Parallel
  {{- if .Values.collector.queue.persistent }}
  {{- include "vigia.collector.claims" . | nindent 2 }}
  {{- end }}
  {{- else }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  {{- end }}
{{- end }}
`;

export const scaling = `{{- if and (eq .Values.collector.mode "deploy") .Values.collector.autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: {{ .Values.collector.workload }}
    name: {{ .Values.collector.service.name }}
  minReplicas: {{ .Values.collector.replicas }}
  maxReplicas: {{ include "vigia.collector.maxReplicas" . }}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ .Values.collector.autoscaling.targetCPUUtilizationPercentage }}
  behavior:
    # A replica that goes takes its series with it; an hour's calm is worth one pod.
    scaleDown: {stabilizationWindowSeconds: 3600}
{{- end }}
{{- if and (eq .Values.collector.mode "deploy") (include "vigia.collector.disruption" .) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ .Values.collector.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "vigia.collector.selector" . | nindent 6 }}
{{- end }}
`;

export const network = `{{- if and (ne .Values.collector.mode "external") .Values.collector.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "vigia.collector.selector" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {}
      podSelector:
        matchLabels:
          kgateway: kube-gateway
    {{- if .Values.tests.enabled }}
    - podSelector:
        matchLabels:
          app.kubernetes.io/component: test
    {{- end }}
    ports:
    - {port: 4317, protocol: TCP}
  - from:
    {{- toYaml .Values.collector.networkPolicy.scrapers | nindent 4 }}
    {{- if .Values.tests.enabled }}
    - podSelector:
        matchLabels:
          app.kubernetes.io/component: test
    {{- end }}
    ports:
    - {port: 8888, protocol: TCP}
    - {port: 8889, protocol: TCP}
{{- end }}
`;

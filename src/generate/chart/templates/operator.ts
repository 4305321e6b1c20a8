/** The same Collector as the object that the OpenTelemetry operator makes its pods from. */
export const operator = `{{- if eq .Values.collector.mode "operator" }}
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata:
  {{- include "vigia.collector.metadata" . | nindent 2 }}
    {{- /* The operator hands an object's labels on to its pods. */}}
    {{- with .Values.collector.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  mode: {{ lower .Values.collector.workload }}
  image: {{ include "vigia.image" .Values.collector.image }}
  imagePullPolicy: {{ .Values.collector.image.pullPolicy }}
  replicas: {{ .Values.collector.replicas }}
  {{- if .Values.collector.autoscaling.enabled }}
  autoscaler:
    minReplicas: {{ .Values.collector.replicas }}
    maxReplicas: {{ include "vigia.collector.maxReplicas" . }}
    targetCPUUtilization: {{ .Values.collector.autoscaling.targetCPUUtilizationPercentage }}
  {{- end }}
  serviceAccount: {{ include "vigia.collector.serviceAccount" . }}
  resources:
    {{- toYaml .Values.collector.resources | nindent 4 }}
  podSecurityContext:
    {{- include "vigia.podSecurity" . | nindent 4 }}
  securityContext:
    {{- include "vigia.containerSecurity" . | nindent 4 }}
  terminationGracePeriodSeconds: {{ .Values.collector.terminationGracePeriodSeconds }}
  {{- include "vigia.collector.placement" . | trim | nindent 2 }}
  {{- with .Values.collector.podAnnotations }}
  podAnnotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if include "vigia.collector.disruption" . }}
  podDisruptionBudget:
    maxUnavailable: {{ .Values.collector.podDisruptionBudget.maxUnavailable }}
  {{- end }}
  env:
  {{- include "vigia.collector.env" . | nindent 2 }}
  {{- with .Values.collector.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  volumeMounts:
  - {name: queue, mountPath: /queue}
  {{- if and .Values.collector.queue.persistent (eq .Values.collector.workload "StatefulSet") }}
  {{- include "vigia.collector.claims" . | nindent 2 }}
  {{- else }}
  volumes:
  - name: queue
    emptyDir: {}
  {{- end }}
  config:
    {{- include "vigia.collector.config" . | fromYaml | toYaml | nindent 4 }}
{{- end }}
`;

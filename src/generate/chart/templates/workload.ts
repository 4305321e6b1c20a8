/** The pod of the Collector, for either workload. */
export const pod = `{{- define "vigia.collector.pod" -}}
metadata:
  labels:
    {{- include "vigia.collector.selector" . | nindent 4 }}
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/component: collector
    {{- with .Values.collector.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed configuration rolls the pods.
    checksum/config: {{ include "vigia.collector.config" . | sha256sum }}
    {{- with .Values.collector.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "vigia.collector.serviceAccount" . }}
  automountServiceAccountToken: {{ or .Values.collector.rbac.allPods (not (empty .Values.collector.rbac.namespaces)) }}
  terminationGracePeriodSeconds: {{ .Values.collector.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "vigia.podSecurity" . | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.collector.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.collector.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.collector.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.collector.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.collector.topologySpread }}
  topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "vigia.collector.selector" $ | nindent 8 }}
  {{- end }}
  {{- end }}
  containers:
  - name: collector
    image: {{ include "vigia.image" .Values.collector.image }}
    imagePullPolicy: {{ .Values.collector.image.pullPolicy }}
    args: ["--config=/conf/collector.yaml"]
    securityContext:
      {{- include "vigia.containerSecurity" . | nindent 6 }}
    env:
    - name: MY_POD_IP
      valueFrom: {fieldRef: {fieldPath: status.podIP}}
    - name: POD_NAME
      valueFrom: {fieldRef: {fieldPath: metadata.name}}
    - name: QUEUE_DIR
      value: /queue
    # A fifth to a quarter less CPU (bench/README.md); GOMEMLIMIT keeps the heap from growing with it.
    - name: GOGC
      value: {{ .Values.collector.gogc | quote }}
    {{- with .Values.collector.resources.limits.memory }}
    # Four fifths of the limit, so that Go collects before the kernel kills.
    - name: GOMEMLIMIT
      value: {{ include "vigia.goMemory" . | quote }}
    {{- end }}
    {{- range .Values.collector.secretEnv }}
    - name: {{ .name }}
      valueFrom: {secretKeyRef: {name: {{ .secret | quote }}, key: {{ .key | quote }}}}
    {{- end }}
    {{- with .Values.collector.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    ports:
    - {name: otlp-grpc, containerPort: 4317, protocol: TCP}
    - {name: telemetry, containerPort: 8888, protocol: TCP}
    - {name: signals, containerPort: 8889, protocol: TCP}
    - {name: health, containerPort: 13133, protocol: TCP}
    livenessProbe:
      httpGet: {path: /, port: health}
      initialDelaySeconds: 10
      periodSeconds: 15
    readinessProbe:
      httpGet: {path: /, port: health}
      periodSeconds: 5
    resources:
      {{- toYaml .Values.collector.resources | nindent 6 }}
    volumeMounts:
    - {name: config, mountPath: /conf, readOnly: true}
    - {name: queue, mountPath: /queue}
  volumes:
  - name: config
    configMap:
      name: {{ .Values.collector.service.name }}
  {{- if not .Values.collector.queue.persistent }}
  - name: queue
    emptyDir: {}
  {{- end }}
{{- end }}

{{- /* A Kubernetes quantity of memory as GOMEMLIMIT: 80 % of it, in MiB. */}}
{{- define "vigia.goMemory" -}}
{{- $text := toString . }}
{{- $number := regexFind "^[0-9]+" $text | int64 }}
{{- $unit := regexFind "[A-Za-z]*$" $text }}
{{- $kib := dict "Ki" 1 "Mi" 1024 "Gi" 1048576 "Ti" 1073741824 "k" 1 "M" 976 "G" 976562 "" 0 }}
{{- if eq $unit "" }}
{{- printf "%dMiB" (div (mul $number 8) 10485760) }}
{{- else if not (hasKey $kib $unit) }}
{{- fail (printf "collector.resources.limits.memory: %q is no quantity of memory such as 1Gi" $text) }}
{{- else }}
{{- printf "%dMiB" (div (mul $number (get $kib $unit) 8) 10240) }}
{{- end }}
{{- end }}
`;

export const config = `{{- if eq .Values.collector.mode "deploy" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
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
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
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
  # What a removed replica still had to send stays on its volume until the replica is back.
  persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted: Delete}
  volumeClaimTemplates:
  - metadata:
      name: queue
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .Values.collector.queue.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .Values.collector.queue.size }}
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
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: {{ .Values.collector.workload }}
    name: {{ .Values.collector.service.name }}
  minReplicas: {{ .Values.collector.replicas }}
  maxReplicas: {{ max (int .Values.collector.replicas) (int .Values.collector.autoscaling.maxReplicas) }}
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
{{- if and (eq .Values.collector.mode "deploy") .Values.collector.podDisruptionBudget.enabled (gt (int .Values.collector.replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .Values.collector.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "vigia.collector.selector" . | nindent 6 }}
{{- end }}
`;

export const network = `{{- if and (eq .Values.collector.mode "deploy") .Values.collector.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
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
    ports:
    - {port: 8888, protocol: TCP}
    - {port: 8889, protocol: TCP}
{{- end }}
`;

export const operator = `{{- if eq .Values.collector.mode "operator" }}
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata:
  name: {{ .Values.collector.service.name }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
spec:
  mode: {{ lower .Values.collector.workload }}
  image: {{ include "vigia.image" .Values.collector.image }}
  replicas: {{ .Values.collector.replicas }}
  {{- if .Values.collector.autoscaling.enabled }}
  autoscaler:
    minReplicas: {{ .Values.collector.replicas }}
    maxReplicas: {{ .Values.collector.autoscaling.maxReplicas }}
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
  env:
  - name: MY_POD_IP
    valueFrom: {fieldRef: {fieldPath: status.podIP}}
  - name: QUEUE_DIR
    value: /queue
  {{- range .Values.collector.secretEnv }}
  - name: {{ .name }}
    valueFrom: {secretKeyRef: {name: {{ .secret | quote }}, key: {{ .key | quote }}}}
  {{- end }}
  {{- with .Values.collector.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  volumeMounts:
  - {name: queue, mountPath: /queue}
  {{- if and .Values.collector.queue.persistent (eq .Values.collector.workload "StatefulSet") }}
  volumeClaimTemplates:
  - metadata:
      name: queue
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .Values.collector.queue.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .Values.collector.queue.size }}
  {{- else }}
  volumes:
  - name: queue
    emptyDir: {}
  {{- end }}
  config:
    {{- include "vigia.collector.config" . | fromYaml | toYaml | nindent 4 }}
{{- end }}
`;

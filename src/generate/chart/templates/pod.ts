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
  {{- include "vigia.collector.placement" . | trim | nindent 2 }}
  containers:
  - name: collector
    image: {{ include "vigia.image" .Values.collector.image }}
    imagePullPolicy: {{ .Values.collector.image.pullPolicy }}
    args: ["--config=/conf/collector.yaml"]
    securityContext:
      {{- include "vigia.containerSecurity" . | nindent 6 }}
    env:
    {{- include "vigia.collector.env" . | nindent 4 }}
    - name: POD_NAME
      valueFrom: {fieldRef: {fieldPath: metadata.name}}
    {{- with .Values.collector.resources.limits.memory }}
    # Four fifths of the limit, so that Go collects before the kernel kills.
    - name: GOMEMLIMIT
      value: {{ include "vigia.goMemory" . | quote }}
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

{{- /* Where its pods may run, for the chart's own pods and for the operator's. */}}
{{- define "vigia.collector.placement" -}}
{{- with .Values.collector.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.collector.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.collector.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.collector.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .Values.collector.topologySpread }}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "vigia.collector.selector" $ | nindent 6 }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What the configuration asks of its environment, but for what the operator sets by itself: POD_NAME and GOMEMLIMIT. */}}
{{- define "vigia.collector.env" -}}
- name: MY_POD_IP
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: QUEUE_DIR
  value: /queue
# A fifth to a quarter less CPU (bench/README.md); GOMEMLIMIT keeps the heap from growing with it.
- name: GOGC
  value: {{ .Values.collector.gogc | quote }}
{{- range .Values.collector.secretEnv }}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ .secret | quote }}, key: {{ .key | quote }}}}
{{- end }}
{{- end }}

{{- /* The volume of each replica's queue. */}}
{{- define "vigia.collector.claims" -}}
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

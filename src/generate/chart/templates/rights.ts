/** Who the Collector is, and the pods it may read: only where it scrapes, and all only where a label comes from a pod. */
export const rights = `{{- if ne .Values.collector.mode "external" }}
{{- if .Values.collector.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "vigia.collector.serviceAccount" . }}
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
  {{- with .Values.collector.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- if eq .Values.collector.mode "operator" }}
{{- /* An OpenTelemetryCollector has no field for them; pods get those of their account. */}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.collector.rbac.create }}
{{- if .Values.collector.rbac.allPods }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ printf "%s-%s" .Values.namespace .Values.collector.service.name }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ printf "%s-%s" .Values.namespace .Values.collector.service.name }}
  labels:
    {{- include "vigia.collector.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ printf "%s-%s" .Values.namespace .Values.collector.service.name }}
subjects:
- kind: ServiceAccount
  name: {{ include "vigia.collector.serviceAccount" . }}
  namespace: {{ .Values.namespace }}
{{- else }}
{{- range .Values.collector.rbac.namespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $.Values.collector.service.name }}
  namespace: {{ . }}
  labels:
    {{- include "vigia.collector.labels" $ | nindent 4 }}
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $.Values.collector.service.name }}
  namespace: {{ . }}
  labels:
    {{- include "vigia.collector.labels" $ | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $.Values.collector.service.name }}
subjects:
- kind: ServiceAccount
  name: {{ include "vigia.collector.serviceAccount" $ }}
  namespace: {{ $.Values.namespace }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
`;

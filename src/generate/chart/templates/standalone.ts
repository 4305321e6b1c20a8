/** One small program: Deployment, Service and configuration. `$` is the whole scope, `name` its suffix. */
const program = (p: {
  readonly name: 'prometheus' | 'loki' | 'grafana';
  readonly port: number;
  /** Where it says that it serves. */
  readonly ready: string;
  readonly args: readonly string[];
  readonly account: boolean;
  readonly uid: number;
  readonly config: string;
  readonly env?: string;
  readonly mounts: string;
  readonly volumes: string;
}): string => `
{{- $name := printf "%s-${p.name}" (include "vigia.fullname" .) }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels: {{- include "vigia.standalone.labels" (dict "root" . "name" "${p.name}") | nindent 4 }}
data:
${p.config}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels: {{- include "vigia.standalone.labels" (dict "root" . "name" "${p.name}") | nindent 4 }}
spec:
  selector: {{- include "vigia.standalone.selector" (dict "root" . "name" "${p.name}") | nindent 4 }}
  ports:
  - {name: http, port: ${p.name === 'grafana' ? 80 : p.port}, targetPort: http, protocol: TCP}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels: {{- include "vigia.standalone.labels" (dict "root" . "name" "${p.name}") | nindent 4 }}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector:
    matchLabels: {{- include "vigia.standalone.selector" (dict "root" . "name" "${p.name}") | nindent 6 }}
  template:
    metadata:
      labels: {{- include "vigia.standalone.selector" (dict "root" . "name" "${p.name}") | nindent 8 }}
    spec:
      ${p.account ? 'serviceAccountName: {{ $name }}' : 'automountServiceAccountToken: false'}
      securityContext:
        runAsNonRoot: true
        runAsUser: ${p.uid}
        runAsGroup: ${p.uid}
        fsGroup: ${p.uid}
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: ${p.name}
        image: {{ include "vigia.image" .Values.standalone.${p.name} }}
        imagePullPolicy: {{ .Values.standalone.${p.name}.pullPolicy }}
        args: [${p.args.map((a) => JSON.stringify(a)).join(', ')}]
        securityContext: {{- include "vigia.containerSecurity" . | nindent 10 }}
        ports:
        - {name: http, containerPort: ${p.port}, protocol: TCP}
        readinessProbe:
          httpGet: {path: ${p.ready}, port: http}
${p.env ?? ''}        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: tmp, mountPath: /tmp}
${p.mounts}
      volumes:
      - {name: data, emptyDir: {}}
      - {name: tmp, emptyDir: {}}
${p.volumes}
`;

const configVolume = '      - {name: config, configMap: {name: {{ $name | quote }}}}';

const labels = `{{- define "vigia.standalone.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
{{- define "vigia.standalone.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/component: standalone
{{ include "vigia.labels" .root }}
{{- end }}
`;

const prometheus = program({
  name: 'prometheus',
  port: 9090,
  ready: '/-/ready',
  args: [
    '--config.file=/conf/prometheus.yaml',
    '--storage.tsdb.path=/data',
    '--enable-feature=created-timestamp-zero-ingestion',
  ],
  account: true,
  uid: 65_534,
  config: `  prometheus.yaml: |
    global: {scrape_interval: 15s, evaluation_interval: 15s}
    rule_files: [/rules/*.yaml]
    scrape_configs:
    {{- range list (dict "job" "gateways" "role" "kube-gateway" "port" "http-monitoring") (dict "job" "control-plane" "role" "kgateway" "port" "metrics") }}
    - job_name: {{ .job }}
      honor_labels: {{ eq .job "control-plane" }}
      kubernetes_sd_configs: [{role: pod, namespaces: {names: {{ $.Values.standalone.namespaces | toJson }}}}]
      relabel_configs:
      - {action: keep, source_labels: [__meta_kubernetes_pod_label_kgateway], regex: {{ .role }}}
      - {action: keep, source_labels: [__meta_kubernetes_pod_container_port_name], regex: {{ .port }}}
      - {target_label: environment, replacement: {{ $.Values.environment | quote }}}
      - {target_label: cluster, replacement: {{ $.Values.cluster | quote }}}
      {{- if eq .job "gateways" }}
      - {source_labels: [__meta_kubernetes_pod_label_gateway_networking_k8s_io_gateway_name, __meta_kubernetes_namespace], separator: ., target_label: gateway}
      {{- end }}
    {{- end }}
    - job_name: signals
      dns_sd_configs: [{names: ["{{ .Values.collector.service.name }}-pods.{{ .Values.namespace }}"], type: A, port: 8889}]
    - job_name: collector
      dns_sd_configs: [{names: ["{{ .Values.collector.service.name }}-pods.{{ .Values.namespace }}"], type: A, port: 8888}]
      relabel_configs:
      - {target_label: environment, replacement: {{ .Values.environment | quote }}}
      - {target_label: cluster, replacement: {{ .Values.cluster | quote }}}
{{- range $path, $_ := .Files.Glob (printf "files/rules/%s/*.yaml" .Values.environment) }}
  {{ base $path }}: |
    {{- $.Files.Get $path | nindent 4 }}
{{- end }}`,
  mounts:
    '        - {name: config, mountPath: /conf, readOnly: true}\n        - {name: rules, mountPath: /rules, readOnly: true}',
  // The rules lie in the same ConfigMap; prometheus.yaml is no rule file, so it stays out of their folder.
  volumes: `${configVolume}
      - name: rules
        configMap:
          name: {{ $name | quote }}
          items:
          {{- range $path, $_ := .Files.Glob (printf "files/rules/%s/*.yaml" .Values.environment) }}
          - {key: {{ base $path }}, path: {{ base $path }}}
          {{- end }}`,
});

const account = `
{{- $name := printf "%s-prometheus" (include "vigia.fullname" .) }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels: {{- include "vigia.standalone.labels" (dict "root" . "name" "prometheus") | nindent 4 }}
{{- range .Values.standalone.namespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ . }}
  labels: {{- include "vigia.standalone.labels" (dict "root" $ "name" "prometheus") | nindent 4 }}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ . }}
  labels: {{- include "vigia.standalone.labels" (dict "root" $ "name" "prometheus") | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $name | quote }}}
subjects:
- {kind: ServiceAccount, name: {{ $name | quote }}, namespace: {{ $.Values.namespace | quote }}}
{{- end }}
`;

const loki = program({
  name: 'loki',
  port: 3100,
  ready: '/ready',
  args: ['-config.file=/conf/loki.yaml'],
  account: false,
  uid: 10_001,
  config: `  loki.yaml: |
    auth_enabled: false
    server: {http_listen_port: 3100}
    common:
      instance_addr: 127.0.0.1
      path_prefix: /data
      replication_factor: 1
      ring: {kvstore: {store: inmemory}}
      storage: {filesystem: {chunks_directory: /data/chunks, rules_directory: /data/rules}}
    schema_config: {configs: [{from: "2024-01-01", store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]}
    limits_config: {allow_structured_metadata: true, volume_enabled: true}
    analytics: {reporting_enabled: false}`,
  mounts: '        - {name: config, mountPath: /conf, readOnly: true}',
  volumes: configVolume,
});

const grafana = program({
  name: 'grafana',
  port: 3000,
  ready: '/api/health',
  args: [],
  account: false,
  uid: 472,
  config: `  datasources.yaml: |
    apiVersion: 1
    datasources:
    - {name: Prometheus, uid: prometheus, type: prometheus, access: proxy, isDefault: true, url: "http://{{ include "vigia.fullname" . }}-prometheus:9090", jsonData: {timeInterval: 15s}}
    - {name: Loki, uid: loki, type: loki, access: proxy, url: "http://{{ include "vigia.fullname" . }}-loki:3100"}
  providers.yaml: |
    apiVersion: 1
    providers:
    - {name: vigia, folder: {{ .Values.dashboards.folder | quote }}, type: file, disableDeletion: true, options: {path: /boards}}`,
  // A dashboard to look at, on a port that only a port-forward reaches; no password to be found in a chart.
  env: `        env:
        - {name: GF_AUTH_ANONYMOUS_ENABLED, value: "true"}
        - {name: GF_AUTH_ANONYMOUS_ORG_ROLE, value: Viewer}
        - {name: GF_AUTH_DISABLE_LOGIN_FORM, value: "true"}
        - {name: GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION, value: "true"}
        - {name: GF_ANALYTICS_REPORTING_ENABLED, value: "false"}
        - {name: GF_ANALYTICS_CHECK_FOR_UPDATES, value: "false"}
        - {name: GF_PATHS_DATA, value: /data}
        - {name: GF_PATHS_LOGS, value: /data/log}
        - {name: GF_PATHS_PLUGINS, value: /data/plugins}
        - {name: GF_PATHS_PROVISIONING, value: /conf}
`,
  mounts: `        - {name: config, mountPath: /conf/datasources/datasources.yaml, subPath: datasources.yaml, readOnly: true}
        - {name: config, mountPath: /conf/dashboards/providers.yaml, subPath: providers.yaml, readOnly: true}
        - {name: boards, mountPath: /boards, readOnly: true}`,
  volumes: `${configVolume}
      - name: boards
        projected:
          sources:
          {{- range $path, $_ := .Files.Glob (printf "files/dashboards/%s/*.json" .Values.environment) }}
          - configMap: {name: {{ base $path | trimSuffix ".json" }}}
          {{- end }}`,
});

/** A plain Prometheus, Grafana and Loki, without volumes: what a kind cluster needs to show pictures. */
export const standalone = `{{- if .Values.standalone.enabled }}${account}${prometheus}${loki}${grafana}{{- end }}\n${labels}`;

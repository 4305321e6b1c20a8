/** `vigia watch` in the cluster: it needs nothing of Kubernetes, so its account has no rights and no token. */
export const watch = `{{- if .Values.watch.enabled }}
{{- $name := printf "%s-watch" (include "vigia.fullname" .) }}
{{- $account := default $name .Values.watch.serviceAccount.name }}
{{- if .Values.watch.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $account }}
  namespace: {{ .Values.namespace }}
  labels:
    app.kubernetes.io/name: vigia-watch
    app.kubernetes.io/component: watch
    {{- include "vigia.labels" . | nindent 4 }}
  {{- with .Values.watch.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels:
    app.kubernetes.io/name: vigia-watch
    app.kubernetes.io/component: watch
    {{- include "vigia.labels" . | nindent 4 }}
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: vigia-watch
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: vigia-watch
        app.kubernetes.io/instance: {{ .Release.Name }}
        app.kubernetes.io/component: watch
    spec:
      serviceAccountName: {{ $account }}
      automountServiceAccountToken: false
      securityContext:
        {{- include "vigia.podSecurity" . | nindent 8 }}
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
      - name: watch
        image: {{ include "vigia.image" .Values.watch.image }}
        imagePullPolicy: {{ .Values.watch.image.pullPolicy }}
        args:
        - watch
        # A probe and a scrape come from outside of the pod.
        - --listen=0.0.0.0:9464
        # As on the Collector's signals; what watch.args say comes later and wins.
        - {{ printf "--identity=environment=%s" .Values.environment | quote }}
        - {{ printf "--identity=cluster=%s" .Values.cluster | quote }}
        {{- range .Values.watch.args }}
        - {{ . | quote }}
        {{- end }}
        securityContext:
          {{- include "vigia.containerSecurity" . | nindent 10 }}
        {{- $pushes := contains "metrics/pushed" .Values.collector.config }}
        {{- if or $pushes .Values.watch.extraEnv }}
        env:
        {{- if $pushes }}
        - name: OTEL_EXPORTER_OTLP_ENDPOINT
          value: {{ printf "http://%s.%s:%d" .Values.collector.service.name .Values.namespace (int .Values.collector.service.port) }}
        {{- end }}
        {{- with .Values.watch.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- end }}
        ports:
        - {name: metrics, containerPort: 9464, protocol: TCP}
        livenessProbe:
          httpGet: {path: /healthz, port: metrics}
        readinessProbe:
          httpGet: {path: /readyz, port: metrics}
        resources:
          {{- toYaml .Values.watch.resources | nindent 10 }}
        volumeMounts:
        - {name: state, mountPath: /var/lib/vigia}
      volumes:
      - name: state
        emptyDir: {}
{{- if not $pushes }}
{{- if include "vigia.wanted" (dict "asked" .Values.monitors.enabled "has" (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor")) }}
---
# Where Prometheus scrapes the Collector it scrapes this too: of two Collectors one would go on showing an old value of what was pushed.
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: {{ $name }}
  namespace: {{ .Values.namespace }}
  labels:
    app.kubernetes.io/name: vigia-watch
    {{- include "vigia.labels" . | nindent 4 }}
    {{- with .Values.rules.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: vigia-watch
      app.kubernetes.io/instance: {{ .Release.Name }}
  podMetricsEndpoints:
  - {port: metrics, path: /metrics, honorLabels: true}
{{- end }}
{{- end }}
{{- end }}
`;

/**
 * One record in, as Envoy sends it, and its trace in the Collector's own metrics out; where Prometheus scrapes the Collector, the signal made of
 * it too.
 */
export const test = `{{- if and .Values.tests.enabled (eq .Values.collector.mode "deploy") }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "vigia.fullname" . }}-test
  namespace: {{ .Values.namespace }}
  labels:
    app.kubernetes.io/name: vigia-test
    app.kubernetes.io/component: test
    {{- include "vigia.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    {{- include "vigia.podSecurity" . | nindent 4 }}
  initContainers:
  - name: send
    image: {{ include "vigia.image" .Values.tests.telemetrygen }}
    imagePullPolicy: {{ .Values.tests.telemetrygen.pullPolicy }}
    args:
    - logs
    - --otlp-insecure
    - --otlp-endpoint={{ .Values.collector.service.name }}.{{ .Values.namespace }}:{{ .Values.collector.service.port }}
    - --logs=1
    - --service=helm-test.{{ .Values.namespace }}
    - --otlp-attributes=deployment.environment.name={{ .Values.environment | quote }}
    - --otlp-attributes=k8s.cluster.name={{ .Values.cluster | quote }}
    - --telemetry-attributes=http.response.status_code="200"
    - --telemetry-attributes=http.request.method="GET"
    - --telemetry-attributes=envoy.response_flags="-"
    - --telemetry-attributes=envoy.route_name="helm-test"
    securityContext:
      {{- include "vigia.containerSecurity" . | nindent 6 }}
  containers:
  - name: look
    image: {{ include "vigia.image" .Values.tests.curl }}
    imagePullPolicy: {{ .Values.tests.curl.pullPolicy }}
    securityContext:
      {{- include "vigia.containerSecurity" . | nindent 6 }}
    command: [sh, -c]
    args:
    # The name has one address for each replica, and one of them has the record. The search list is applied here, because busybox asks for a name
    # with a dot as it stands (add_query_with_search in its networking/nslookup.c).
    - |
      domain=$(awk '/^search/ {for (i = 2; i <= NF; i++) if ($i ~ /^svc[.]/) {print $i; exit}}' /etc/resolv.conf)
      host="{{ .Values.collector.service.name }}-pods.{{ .Values.namespace }}.\${domain:-svc.cluster.local}"
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        addresses=$(nslookup "$host" 2>/dev/null | awk '/^Name:/ {named = 1} named && /^Address/ {print ($NF ~ /:/ ? "[" $NF "]" : $NF)}')
        for address in $addresses; do
          {{- if contains "metric_expiration" .Values.collector.config }}
          curl -gfsS --max-time 5 "http://$address:8889/metrics" | grep 'gateway_requests_total{' | grep 'gateway="helm-test.{{ .Values.namespace }}"' && exit 0
          {{- else }}
          curl -gfsS --max-time 5 "http://$address:8888/metrics" | grep '^otelcol_receiver_accepted_log_records' | grep -v ' 0$' && exit 0
          {{- end }}
        done
        sleep 3
      done
      if [ -z "$addresses" ]; then
        echo "$host has no address: the Collector has no pods" >&2
      else
        echo "the record did not come through: kubectl -n {{ .Values.namespace }} logs {{ lower .Values.collector.workload }}/{{ .Values.collector.service.name }}" >&2
      fi
      exit 1
{{- end }}
`;

export const notes = `vigia for cluster {{ .Values.cluster }} (environment {{ .Values.environment }}):
{{ if eq .Values.collector.mode "deploy" }}
- Collector: {{ .Values.collector.workload }} {{ .Values.namespace }}/{{ .Values.collector.service.name }}, {{ .Values.collector.replicas }} replica{{ if gt (int .Values.collector.replicas) 1 }}s{{ end }}
{{- else if eq .Values.collector.mode "operator" }}
- Collector: OpenTelemetryCollector {{ .Values.namespace }}/{{ .Values.collector.service.name }}; the operator runs it
{{- else }}
- Collector: your own, as Service {{ .Values.namespace }}/{{ .Values.collector.service.name }}
{{- end }}
- kgateway policies: {{ if .Values.prepareUninstall }}none any more (prepareUninstall=true){{ else if .Values.policies.enabled }}{{ len .Values.policies.objects }} objects{{ else }}none (policies.enabled=false){{ end }}
{{- $operatorHere := .Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor" }}
- PodMonitors and rules: {{ if or $operatorHere (eq (toString .Values.monitors.enabled) "true") }}made{{ else }}NOT made: no Prometheus operator here. The rules are in alerts/prometheus/{{ .Values.environment }}{{ end }}
{{- $boards := len (.Files.Glob (printf "files/dashboards/%s/*.json" .Values.environment)) }}
- Grafana dashboards: {{ if and (gt $boards 0) (ne .Values.dashboards.mode "none") }}{{ $boards }}{{ if not (.Capabilities.APIVersions.Has "grafana.integreatly.org/v1beta1/GrafanaDashboard") }}, as ConfigMaps with {{ .Values.dashboards.sidecar.label }}={{ .Values.dashboards.sidecar.labelValue }}{{ end }}{{ else }}none here{{ if eq $boards 0 }} (this environment's metrics go elsewhere: vigia apply){{ end }}{{ end }}
{{ range .Values.collector.secretEnv }}
{{- if and (include "vigia.live" $) (not (lookup "v1" "Secret" $.Values.namespace .secret)) }}
MISSING: Secret {{ $.Values.namespace }}/{{ .secret }} with key {{ .key }}: the Collector does not start without it.
{{- end }}
{{- end }}
{{- if and (eq .Values.collector.mode "deploy") (eq (int .Values.collector.replicas) 1) }}
Only one replica: telemetry pauses while it is replaced.
{{- end }}
{{- if and (eq .Values.collector.mode "deploy") (not .Values.collector.queue.persistent) }}
Without a volume, records that wait for a store are lost with the pod.
{{- end }}
{{- if .Values.standalone.enabled }}
The first dashboard:
  kubectl -n {{ .Values.namespace }} port-forward svc/{{ include "vigia.fullname" . }}-grafana 3000:80
  http://localhost:3000/d/vigia-overview
{{- if not .Values.standalone.lokiInsteadOf }}
Its Loki stays empty: this environment's access logs go elsewhere.
{{- end }}
{{- else if gt $boards 0 }}
The first dashboard: vigia-overview in Grafana's folder {{ .Values.dashboards.folder }}.
{{- end }}
{{- if .Values.prepareUninstall }}

Ready to be uninstalled: no policy of this release is left, and its Service and grants are kept no longer. Step two, when the gateways have
followed (moments; without access logs they answer as before):
  helm uninstall {{ .Release.Name }} -n {{ .Release.Namespace }}
{{- if and (ne .Values.collector.mode "external") (not .Values.collector.service.create) }}
Then what kubectl applied: kubectl delete -f kgateway/{{ .Values.cluster }}/before
{{- end }}
To stay instead: helm rollback {{ .Release.Name }} -n {{ .Release.Namespace }}
{{- else }}
GatewayParameters take effect when a Gateway names them (spec.infrastructure.parametersRef).

helm uninstall alone keeps Service {{ .Values.collector.service.name }} and its grants: gateways whose policies point at them would answer 500.
To leave nothing, in two steps:
  helm upgrade {{ .Release.Name }} charts/vigia -n {{ .Release.Namespace }} --reuse-values --set prepareUninstall=true
  helm uninstall {{ .Release.Name }} -n {{ .Release.Namespace }}
{{- end }}
`;

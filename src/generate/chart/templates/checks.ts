/** What is refused before anything is made, each with its remedy. `known` are the clusters that the chart was generated for. */
export const checks = (known: readonly string[], contractVersion: number): string => `{{- define "vigia.checks" -}}
{{- $known := list ${known.map((k) => JSON.stringify(k)).join(' ')} }}
{{- if gt (int .Values.contractVersion) ${contractVersion} }}
{{- fail (printf "these values were made of a contract of version %d, and this chart knows version ${contractVersion}: install the chart that was generated with them" (int .Values.contractVersion)) }}
{{- end }}
{{- if not .Values.cluster }}
{{- fail (printf "no cluster: add -f charts/vigia/clusters/<cluster>.yaml, for one of %s" (join ", " $known)) }}
{{- end }}
{{- if not (has .Values.cluster $known) }}
{{- fail (printf "cluster %q is not in the contract that this chart was generated from; it has %s" .Values.cluster (join ", " $known)) }}
{{- end }}
{{- if and (ne .Values.collector.mode "external") (not .Values.collector.config) }}
{{- fail "collector.config is empty: it comes whole from charts/vigia/clusters/<cluster>.yaml" }}
{{- end }}
{{- if .Values.collector.config }}
{{- $parsed := fromYaml .Values.collector.config }}
{{- if hasKey $parsed "Error" }}
{{- fail (printf "collector.config is no YAML: %s" (get $parsed "Error")) }}
{{- end }}
{{- end }}
{{- range .Values.collector.secretEnv }}
{{- if not (regexMatch "^[A-Za-z_][A-Za-z0-9_]*$" .name) }}
{{- fail (printf "collector.secretEnv: %q is no name of an environment variable" .name) }}
{{- end }}
{{- end }}
{{- if and .Values.watch.enabled (not .Values.watch.image.repository) }}
{{- fail "watch.enabled needs watch.image.repository: there is no public image of vigia" }}
{{- end }}
{{- if and .Values.watch.enabled (not .Values.watch.args) }}
{{- fail "watch.enabled needs watch.args, which say where the logs are: [--source=loki, --loki-url=http://loki-gateway.monitoring]" }}
{{- end }}
{{- if include "vigia.live" . }}
{{- if and (ne .Release.Namespace .Values.namespace) (not (lookup "v1" "Namespace" "" .Values.namespace)) }}
{{- fail (printf "there is no namespace %s, where these values put everything: kubectl create namespace %s first" .Values.namespace .Values.namespace) }}
{{- end }}
{{- if and .Values.policies.enabled .Values.policies.objects (not (.Capabilities.APIVersions.Has "gateway.kgateway.dev/v1alpha1")) }}
{{- fail "this cluster has no kgateway (no gateway.kgateway.dev/v1alpha1): install kgateway first, or set policies.enabled=false" }}
{{- end }}
{{- if and .Values.grants (not (.Capabilities.APIVersions.Has "gateway.networking.k8s.io/v1beta1")) }}
{{- fail "this cluster has no Gateway API (no gateway.networking.k8s.io/v1beta1): install it first, or set policies.enabled=false and grants=[]" }}
{{- end }}
{{- if and (eq .Values.collector.mode "operator") (not (.Capabilities.APIVersions.Has "opentelemetry.io/v1beta1")) }}
{{- fail "collector.mode=operator needs the OpenTelemetry operator (no opentelemetry.io/v1beta1 here)" }}
{{- end }}
{{- if and .Values.datadogObjects.enabled (not (.Capabilities.APIVersions.Has "datadoghq.com/v1alpha1/DatadogMonitor")) }}
{{- fail "datadogObjects.enabled needs Datadog's operator (no datadoghq.com/v1alpha1 here): vigia apply does without" }}
{{- end }}
{{- $service := lookup "v1" "Service" .Values.namespace .Values.collector.service.name }}
{{- if and $service (ne .Values.collector.mode "external") .Values.collector.service.create }}
{{- $owner := dig "metadata" "annotations" "meta.helm.sh/release-name" "" $service }}
{{- $ownerNamespace := dig "metadata" "annotations" "meta.helm.sh/release-namespace" "" $service }}
{{- if not $owner }}
{{- fail (printf "Service %s/%s is there and no Helm release's own (kubectl apply -f kgateway/%s/before?): keep it with collector.service.create=false, or hand it over with --take-ownership" .Values.namespace .Values.collector.service.name .Values.cluster) }}
{{- else if or (ne $owner .Release.Name) (ne $ownerNamespace .Release.Namespace) }}
{{- fail (printf "vigia is in this cluster already, as release %s in namespace %s: one release for each cluster" $owner $ownerNamespace) }}
{{- end }}
{{- range (dig "spec" "ports" list $service) }}
{{- if and (eq .name "otlp-grpc") (ne (int .port) (int $.Values.collector.service.port)) }}
{{- fail (printf "Service %s has port %d and these values %d: policies that point at the old port would answer 500 until they are renewed. Give the Collector another service name instead; the old Service stays" $.Values.collector.service.name (int .port) (int $.Values.collector.service.port)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (not .Values.collector.service.create) (ne .Values.collector.mode "external") (not $service) }}
{{- fail (printf "collector.service.create=false, but there is no Service %s/%s: kubectl apply -f kgateway/%s/before first" .Values.namespace .Values.collector.service.name .Values.cluster) }}
{{- end }}
{{- if and (eq .Values.collector.mode "external") .Values.policies.objects (not $service) }}
{{- fail (printf "collector.mode=external, but there is no Service %s/%s: policies that point at it would make kgateway answer 500" .Values.namespace .Values.collector.service.name) }}
{{- end }}
{{- end }}
{{- if and .Values.policies.enabled (not .Values.prepareUninstall) }}
{{- include "vigia.pointing" . }}
{{- end }}
{{- end }}
`;

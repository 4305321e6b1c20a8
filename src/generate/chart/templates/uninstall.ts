/**
 * The first of two steps of an uninstall that leaves nothing (docs/decisions/0010-the-chart.md). The policies are not rendered, so the upgrade
 * deletes them; the Service loses its `keep`, so that `helm uninstall` deletes it. Grants are hooks and in no manifest, and so are Services of an
 * earlier name: a `pre-delete` hook takes those. Helm deletes what a hook finds in its place, makes it again and deletes that; no policy points
 * at it by then. Until the uninstall they stay as they are, so a rollback brings the policies back to a Service and grants that never went.
 * Argo CD renders without a cluster: there they are objects like all others, and lose their `Delete=false`.
 */
export const uninstall = `{{- if and .Values.prepareUninstall (include "vigia.live" .) (ne .Values.collector.mode "external") }}
{{- $left := dict }}
{{- $from := list .Values.namespace }}
{{- range (lookup "gateway.networking.k8s.io/v1beta1" "ReferenceGrant" .Values.namespace "").items }}
{{- if include "vigia.made" . }}
{{- $_ := set $left (printf "ReferenceGrant/%s" .metadata.name) (dict "apiVersion" .apiVersion "spec" .spec) }}
{{- range .spec.from }}{{ $from = append $from .namespace }}{{ end }}
{{- end }}
{{- end }}
{{- range (lookup "v1" "Service" .Values.namespace "").items }}
{{- if and (include "vigia.made" .) (dig "annotations" "helm.sh/resource-policy" "" .metadata) (ne .metadata.name $.Values.collector.service.name) }}
{{- $_ := set $left (printf "Service/%s" .metadata.name) (dict "apiVersion" "v1" "spec" (dict "clusterIP" "None")) }}
{{- end }}
{{- end }}
{{- if .Values.collector.service.create }}
{{- include "vigia.stillPointing" (dict "root" . "from" (uniq $from)) }}
{{- end }}
{{- range $what, $object := $left }}
---
apiVersion: {{ $object.apiVersion }}
kind: {{ dir $what }}
metadata:
  name: {{ base $what }}
  namespace: {{ $.Values.namespace }}
  labels:
    {{- include "vigia.collector.labels" $ | nindent 4 }}
  annotations:
    helm.sh/hook: pre-delete
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  {{- toYaml $object.spec | nindent 2 }}
{{- end }}
{{- end }}

{{- /* Whether this chart made it: what kubectl applied from before/ has other labels. */}}
{{- define "vigia.made" -}}
{{- $labels := dig "labels" dict .metadata }}
{{- if and (eq (toString (get $labels "app.kubernetes.io/part-of")) "vigia") (eq (toString (get $labels "app.kubernetes.io/managed-by")) "Helm") }}yes{{ end }}
{{- end }}

{{- /* A policy of somebody else's that points at the Service, where a grant lets it: refused, because its Gateway would answer 500. */}}
{{- define "vigia.stillPointing" -}}
{{- $root := .root }}
{{- $service := $root.Values.collector.service.name }}
{{- if $root.Capabilities.APIVersions.Has (printf "gateway.kgateway.dev/v1alpha1/%s" $root.Values.grantKind) }}
{{- range $namespace := .from }}
{{- range (lookup "gateway.kgateway.dev/v1alpha1" $root.Values.grantKind $namespace "").items }}
{{- $ours := eq (dig "annotations" "meta.helm.sh/release-name" "" .metadata) $root.Release.Name }}
{{- if and (not $ours) (contains (printf "%q:%q" "name" $service) (toJson .spec)) }}
{{- fail (printf "prepareUninstall: %s %s/%s points at Service %s and is not of this release. Without the Service its Gateway would answer 500: delete it, or point it elsewhere, first" .kind $namespace .metadata.name $service) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
`;

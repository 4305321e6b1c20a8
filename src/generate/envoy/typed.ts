/** A protobuf `Any` as Envoy's YAML has it; `type` without `envoy.`. */
export function typed(type: string, value: Readonly<Record<string, unknown>> = {}): object {
  return { '@type': `type.googleapis.com/envoy.${type}`, ...value };
}

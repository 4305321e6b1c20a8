/** gRPC status codes 0..16 by number: https://grpc.github.io/grpc/core/md_doc_statuscodes.html; `Canceled` is Envoy's spelling of CANCELLED. */
export const grpcStatuses = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

/** Codes by which a server says that the call itself was at fault, as 4xx does in HTTP: as google.rpc.Code maps them to HTTP, but for ResourceExhausted (429 there): servers say it of themselves. */
export const grpcClientCodes: ReadonlySet<number> = new Set([1, 3, 5, 6, 7, 9, 10, 11, 16]);

const codes = new Map<string, number>([
  ...grpcStatuses.map((name, code): [string, number] => [name.toLowerCase(), code]),
  ['cancelled', 1],
]);

/** The code of a logged gRPC status (`Unavailable`, `UNAVAILABLE`, `DEADLINE_EXCEEDED`, `14`); 2 (Unknown) for anything else that is set. */
export function grpcCode(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isInteger(number)) return number >= 0 && number <= 16 ? number : 2;
  return codes.get(value.toLowerCase().replace(/[_\s-]/g, '')) ?? 2;
}

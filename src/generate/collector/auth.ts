import type { Auth } from '../../contract/model.ts';
import { secret } from './secrets.ts';

/** How an HTTP exporter logs in: headers, or an extension it names. */
export function login(
  name: string,
  auth: Auth,
  tenant: string | undefined,
): { readonly settings: object; readonly extensions: Readonly<Record<string, object>> } {
  const headers = {
    ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant.replaceAll('$', '$$$$') }),
    ...(auth.kind === 'bearer' ? { Authorization: `Bearer ${secret(auth.token)}` } : {}),
  };
  const extension = `basicauth/${name}`;
  const basic = auth.kind === 'basic';
  return {
    settings: {
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...(basic ? { auth: { authenticator: extension } } : {}),
    },
    extensions: basic
      ? { [extension]: { client_auth: { username: auth.username, password: secret(auth.password) } } }
      : {},
  };
}

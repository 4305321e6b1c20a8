import { told } from '../limit.ts';
import type { Finding, Rule } from '../rule.ts';

/** Linux sends an unanswered SYN again after 1 s (RFC 6298), so one lost packet costs that. */
const resend = 1_000;

export const connectTooShort: Rule = {
  code: 'connect-too-short',
  title: 'The connect timeout does not outlast one lost packet',
  shows: '503 UF {connection_timeout} whenever a single SYN is lost; across zones that is not rare.',
  causes: ['connect-timeout'],
  find: ({ backends }) =>
    backends.flatMap((b): Finding[] =>
      b.connect.ms > resend
        ? []
        : [
            {
              rule: 'connect-too-short',
              severity: 'note',
              where: `Service ${b.id}`,
              says: `Envoy waits ${told(b.connect)} for a connection, a lost SYN is sent again after 1s`,
              change: { do: 'Set connectTimeout to 2s or more, or leave it out: kgateway sets 5s.' },
            },
          ],
    ),
};

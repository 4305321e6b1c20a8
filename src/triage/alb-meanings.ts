import type { AlbFailure } from './alb-failure.ts';
import type { Step } from './cause.ts';
import type { Side } from './side.ts';

/** What an answer of the load balancer means: the first that fits. */
interface Meaning {
  readonly code: string;
  readonly side: Side;
  readonly title: string;
  when(failure: AlbFailure): boolean;
  readonly next: readonly Step[];
}

const seen = ({ line }: AlbFailure): boolean => typeof line !== 'string';
const status =
  (...codes: number[]) =>
  ({ record }: AlbFailure): boolean =>
    codes.includes(record.status);

const idle: Step = {
  do: 'The gateway must keep an idle connection longer than the load balancer does: its idle timeout above the load balancer’s (60 s unless it was changed).',
  yaml: `apiVersion: gateway.kgateway.dev/v1alpha1
kind: ListenerPolicy
spec:
  default:
    httpSettings:
      idleTimeout: 90s`,
};
const targets: Step = {
  do: 'Which targets are registered, and are they healthy?',
  run: 'aws elbv2 describe-target-health --target-group-arn ARN',
};
const drain: Step = {
  do: 'Do pods leave the target group before they stop? The deregistration delay and the pod’s termination grace period must cover each other.',
  run: 'kubectl get targetgroupbindings -A',
};

/**
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html (each status there), and its access
 * log's page for the fields.
 */
export const albMeanings: readonly Meaning[] = [
  {
    code: 'load-balancer-no-target',
    side: 'gateway',
    title: 'The load balancer had no target to send to',
    when: (f) => status(503)(f) && f.record.target === undefined,
    next: [targets, drain],
  },
  {
    code: 'load-balancer-gave-up',
    side: 'backend',
    title: 'The load balancer gave up waiting for the gateway’s answer',
    when: (f) => status(504)(f) && seen(f),
    next: [
      {
        do: 'The request took longer than the load balancer’s idle timeout; the verdict with status 0 or DC above says which route and backend.',
      },
      { do: 'A route timeout below the load balancer’s idle timeout lets the gateway answer (504, UT) and log it.' },
    ],
  },
  {
    code: 'load-balancer-not-connected',
    side: 'between',
    title: 'The load balancer could not connect to the gateway, or never had an answer',
    when: status(504),
    next: [
      {
        do: 'No connection within 10 s: security groups, network ACLs, a node that is gone, a pod that does not accept.',
      },
      targets,
    ],
  },
  {
    code: 'load-balancer-bad-answer',
    side: 'gateway',
    title: 'The load balancer could not use the gateway’s answer',
    when: (f) => status(502)(f) && seen(f),
    next: [
      {
        do: 'The gateway logged the request: its answer was cut off, malformed, or its headers are above 32 KB. The line’s flags say which.',
      },
    ],
  },
  {
    code: 'load-balancer-connection-closed',
    side: 'between',
    title: 'The connection to the gateway was refused or closed before the request was read',
    when: status(502),
    next: [
      idle,
      drain,
      { do: 'HTTPS to the targets: does the handshake succeed? A TLS listener that changed answers like this.' },
    ],
  },
  {
    code: 'load-balancer-client-left',
    side: 'client',
    title: 'The client closed the connection before the answer',
    when: status(460, 0),
    next: [
      {
        do: 'A client’s timeout below the load balancer’s looks the same; compare how long these requests had been waiting.',
      },
    ],
  },
  {
    code: 'load-balancer-forwarded-for',
    side: 'client',
    title: 'X-Forwarded-For with more than 30 addresses',
    when: status(463),
    next: [{ do: 'A loop of proxies, or a client that makes the header up.' }],
  },
  {
    code: 'load-balancer-protocol',
    side: 'gateway',
    title: 'The request’s protocol does not fit the target group’s',
    when: status(464),
    next: [{ do: 'Target group version (HTTP1, HTTP2, GRPC) against what clients send.' }],
  },
  {
    code: 'load-balancer-identity-provider',
    side: 'policy',
    title: 'The identity provider failed while the load balancer authenticated a user',
    when: status(561),
    next: [
      {
        do: 'The error reason above (Auth...) says at which step; AWS explains each under “Authenticate users using an Application Load Balancer”.',
      },
    ],
  },
  {
    code: 'load-balancer-policy',
    side: 'policy',
    title: 'A rule of the load balancer or its firewall refused the request',
    when: ({ record }) =>
      record.actions.some((a) => a.startsWith('waf') || a === 'fixed-response' || a === 'authenticate') ||
      [401, 403].includes(record.status),
    next: [{ do: 'Look at the listener’s rules and the web ACL; a blocked request has no target.' }],
  },
  {
    code: 'load-balancer-client-error',
    side: 'client',
    title: 'The load balancer refused the request as malformed or too large',
    when: ({ record }) => record.status >= 400 && record.status < 500,
    next: [
      {
        do: 'Request line above 16 KB, headers above 64 KB, no request within the idle timeout (408), or no HTTP at all.',
      },
    ],
  },
];

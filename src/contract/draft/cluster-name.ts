import { name } from '../schema/leaf.ts';
import type { DraftCluster } from './write.ts';

/** A cluster from a kubectl context: EKS puts an ARN there, eksctl `user@cluster.region.eksctl.io`, others a plain name. */
export function clusterOf(context: string): DraftCluster {
  const arn = /^arn:aws[-a-z]*:eks:([a-z0-9-]+):(\d{12}):cluster\/(.+)$/.exec(context);
  if (arn) return { name: plain(arn[3] ?? ''), region: arn[1], account: arn[2] };
  const eksctl = /^(?:[^@]+@)?([^.]+)\.([a-z]{2}(?:-[a-z]+)+-\d)\.eksctl\.io$/.exec(context);
  if (eksctl) return { name: plain(eksctl[1] ?? ''), region: eksctl[2], account: undefined };
  return { name: plain(context), region: undefined, account: undefined };
}

/** The nearest name the contract takes. */
function plain(text: string): string {
  const made = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name.safeParse(made).success && /^[a-z]/.test(made) ? made : 'dev';
}

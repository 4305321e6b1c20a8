import type { Answer, Sample } from '../logs/answer.ts';
import { signatureKey } from '../logs/signature.ts';
import { groupName } from './affected-routes.ts';
import { isBackground, strangers } from './background.ts';
import { pageOf } from './causes/index.ts';
import { concentration } from './evidence.ts';
import { countBy, type Group, groupOf } from './group.ts';
import { type Judged, judge } from './judge.ts';
import type { Population } from './population.ts';
import { type Confidence, confidences, type Kind } from './side.ts';
import { nameLists, type Verdict } from './triage.ts';
import { windowsOf } from './windows.ts';
import { count, range } from './words.ts';

const kinds: readonly Kind[] = ['failure', 'masked', 'aside', 'health-check'];
/** Lists in a verdict are for reading; the counts stay whole. */
const shown = 20;

/** What somebody has to mend, then what clients and policies caused, then background noise. */
const urgency = (v: Verdict): number => (v.kind !== 'failure' ? 0 : v.background ? 2 : strangers(v) ? 1 : 0);

/** One verdict a cause, side and kind; what needs mending first, the most frequent first. */
export function verdictsOf(judged: readonly Judged[], answer: Answer, population: Population): readonly Verdict[] {
  const groups = new Map<string, Judged[]>();
  for (const j of judged) {
    const key = `${j.cause.code} ${j.side} ${j.kind}`;
    const group = groups.get(key);
    if (group) group.push(j);
    else groups.set(key, [j]);
  }
  const totals = new Map(answer.routes.map((r) => [r.route, r.requests]));
  const samplesOf = sampleIndex(answer.samples, population);
  const ofKind = new Map(
    kinds.map((kind) => [kind, judged.reduce((sum, j) => (j.kind === kind ? sum + j.s.count : sum), 0)]),
  );
  return [...groups.values()]
    .flatMap((group): Verdict[] => {
      const first = group[0];
      if (!first) return [];
      const { cause, side, kind } = first;
      const signatures = group.map((j) => j.s);
      const samples = samplesOf.get(`${cause.code} ${side} ${kind}`) ?? [];
      const gaps = samples.flatMap((i) => answer.samples[i]?.idleGap ?? []);
      const summed = groupOf(signatures, gaps);
      const routes = countBy(signatures, (s) => groupName(s, answer.routeIs));
      const lists = { ...summed, routes };
      return [
        {
          cause: cause.code,
          title: cause.title,
          side,
          kind,
          background: isBackground({ cause: cause.code, side, kind, count: summed.count }, signatures, routes, answer),
          confidence: confidenceOf(group),
          count: summed.count,
          share: summed.count / Math.max(1, ofKind.get(kind) ?? 0),
          routes: routes.slice(0, shown).map((r) => ({ ...r, requests: totals.get(r.name) })),
          backends: summed.backends.slice(0, shown),
          hosts: summed.hosts.slice(0, shown),
          statuses: summed.statuses.slice(0, shown),
          flags: summed.flags.slice(0, shown),
          details: summed.details.slice(0, shown),
          names: Object.fromEntries(nameLists.map((list) => [list, lists[list].length])) as Verdict['names'],
          withoutRoute: summed.count - routes.reduce((sum, r) => sum + r.count, 0),
          windows: windowsOf(signatures, answer),
          evidence: [...because(group, summed), ...(cause.evidence?.(summed) ?? []), ...concentration(summed, routes)],
          cannotTell: [...new Set(group.flatMap((j) => j.match.cannotTell ?? []))],
          next: cause.next(summed),
          page: pageOf(cause.code),
          samples,
        },
      ];
    })
    .sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        urgency(a) - urgency(b) ||
        b.count - a.count ||
        (a.cause < b.cause ? -1 : 1),
    );
}

/** The confidence that most of its requests have. */
function confidenceOf(group: readonly Judged[]): Confidence {
  const counts = confidences.map((c) =>
    group.reduce((sum, j) => (j.match.confidence === c ? sum + j.s.count : sum), 0),
  );
  const most = Math.max(...counts);
  return confidences[counts.lastIndexOf(most)] ?? 'low';
}

/** What the lines said: their one reason, or the most frequent one and how long all of them took. */
function because(group: readonly Judged[], summed: Group): string[] {
  const words = new Map<string, number>();
  for (const { match, s } of group) words.set(match.because, (words.get(match.because) ?? 0) + s.count);
  const [first, ...others] = [...words].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (!first) return [];
  if (others.length === 0) return [first[0]];
  const took =
    summed.durationMin === undefined
      ? []
      : [
          `all took ${range(summed.durationMin, summed.durationMax)}${summed.ageMin === undefined || !summed.flags.some((f) => f.name.includes('UC')) ? '' : `, on connections ${range(summed.ageMin, summed.ageMax)} old`}`,
        ];
  return [`${first[0]} (${count(first[1])} of ${count(summed.count)})`, ...took];
}

function sampleIndex(samples: readonly Sample[], population: Population): Map<string, number[]> {
  const index = new Map<string, number[]>();
  const memo = new Map<string, string | undefined>();
  for (const [i, sample] of samples.entries()) {
    const key = signatureKey(sample.signature);
    if (!memo.has(key)) {
      const j = judge(sample.signature, population);
      memo.set(key, j && `${j.cause.code} ${j.side} ${j.kind}`);
    }
    const group = memo.get(key);
    if (group) index.set(group, [...(index.get(group) ?? []), i]);
  }
  return index;
}

import { type ScrapedSeries, scraped } from './scraped.ts';

/** A rule for the series of one scrape: those whose attribute has one of the values are kept, or left out. */
export interface SeriesRule {
  readonly action: 'keep' | 'drop';
  readonly attribute: string;
  /** A regular expression (RE2) that matches all of a value. */
  readonly regex: string;
}

/**
 * What is left of a program's series when only those stay that boards and alerts ask for. Of each backend an Envoy exposes 90 to 170 series, buckets
 * included, on each of its pods, and Datadog bills all that it is sent.
 */
export function neededOnly(origin: ScrapedSeries['origin']): readonly SeriesRule[] {
  const all = (Object.values(scraped) as readonly ScrapedSeries[]).filter((s) => s.origin === origin);
  const names = all.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_(?:bucket|count|sum)`] : [name]));
  return [{ action: 'keep', attribute: '__name__', regex: [...new Set(names)].sort().join('|') }, ...neverMeant(all)];
}

/** Values that no query means, of attributes that every series with them is asked without. */
function neverMeant(all: readonly ScrapedSeries[]): readonly SeriesRule[] {
  const attributes = [...new Set(all.flatMap(({ not = {} }) => Object.keys(not)))].sort();
  return attributes.flatMap((attribute): SeriesRule[] => {
    const values = [...new Set(all.flatMap(({ not = {} }) => not[attribute] ?? []))].sort();
    // `*` is about a twin of the same name, which the names above leave out.
    return values.includes('*') ? [] : [{ action: 'drop', attribute, regex: values.join('|') }];
  });
}

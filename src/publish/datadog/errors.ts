import { Trouble, Unreachable } from '../trouble.ts';

/** The status that Datadog's client throws with. */
export function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') return undefined;
  return error.code;
}

/** Datadog's own words: a list of errors, or by object. */
export function saidBy(error: unknown): string {
  const body = error instanceof Error && 'body' in error ? error.body : undefined;
  const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : body;
  const texts = Array.isArray(errors)
    ? errors
    : typeof errors === 'object' && errors !== null
      ? Object.values(errors).flat()
      : [errors ?? ''];
  return texts.map(String).join('; ').slice(0, 500);
}

export function named(error: unknown, doing: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const said = saidBy(error);
  const words = (why: string) => `${doing}: ${code} ${why}${said === '' ? '' : `: ${said}`}`;
  if (code === 401) return new Unreachable(words('it does not know the keys'), 'DD_API_KEY or DD_APP_KEY is wrong');
  if (code === 403)
    return new Unreachable(
      words('the keys may not'),
      'either DD_APP_KEY lacks a permission (dashboards_read, dashboards_write, monitors_read, monitors_write, slos_read, slos_write, metrics_read, metric_tags_write), or the keys are of another site than `datadog.site` in the contract says',
    );
  return new Trouble(words('refused'));
}

/** Calls of one account: their errors are Troubles that say what was being done where. */
export const spokenOf =
  (where: string) =>
  async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw named(error, `${where}: ${doing}`);
    }
  };

/** The same, where nothing there is an answer: undefined. */
export const unless404Of =
  (where: string) =>
  <T>(doing: string, call: () => Promise<T>): Promise<T | undefined> =>
    spokenOf(where)(doing, async () => {
      try {
        return await call();
      } catch (error) {
        if (codeOf(error) === 404) return undefined;
        throw error;
      }
    });

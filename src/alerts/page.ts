import type { Alert } from './alert.ts';

/** An alert's page, below docs/. */
export const pagePath = (page: Alert['page']): string =>
  'cause' in page ? `causes/${page.cause}.md` : `alerts/${page.alert}.md`;

/** Where the page is published; undefined where the contract does not say. */
export const runbookUrl = (runbooks: string | undefined, page: Alert['page']): string | undefined =>
  runbooks === undefined ? undefined : `${runbooks.replace(/\/+$/, '')}/${pagePath(page)}`;

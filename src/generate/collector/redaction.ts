import type { AccessLog, Redaction } from '../../contract/model.ts';
import { type FieldId, fields } from '../../envoy/fields.ts';
import { attribute, type Group, isMatch, remove, replace, set } from './ottl.ts';

/** What the contract wants gone before anything is stored. */
export function redactionStatements(rules: AccessLog['redaction']): readonly string[] {
  return rules.flatMap(({ field, how }) => statements(field, how));
}

function statements(field: FieldId, how: Redaction): readonly string[] {
  const { name } = fields[field];
  const value = attribute(name);
  switch (how) {
    case 'drop':
      return [remove('log.attributes', name)];
    case 'hash':
      return [set(value, `SHA256(${value})`, `${value} != nil`, `${value} != "-"`)];
    case 'network':
      return [
        replace(value, '(^|[, ])(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}', '$1$2.0'),
        replace(
          value,
          '(^|[, ])([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4}):[0-9a-fA-F:.]*',
          '$1$2:$3:$4::',
        ),
        replace(value, '(^|[, ])([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})::[0-9a-fA-F:.]+', '$1$2:$3::'),
        replace(value, '(^|[, ])([0-9a-fA-F]{1,4})::[0-9a-fA-F:.]+', '$1$2::'),
      ];
  }
}

/**
 * Segments of a path that look like a token, a person or an account, as src/logs/redact.ts masks them in reports. A token is 20 characters or
 * more with a digit among the first 20; RE2 has no look-ahead, so each place of that digit is an alternative of its own.
 */
export function pathGroups(): readonly Group[] {
  const path = attribute(fields.path.name);
  const places = Array.from({ length: 20 }, (_, i) => `[a-zA-Z_~+=-]{${i}}\\d[\\w~+=-]{${19 - i},}`);
  // Twice: of two such segments side by side the first match takes the slash that the second begins with.
  const mask = (pattern: string, by: string, ...when: readonly string[]): readonly string[] =>
    maskTwice(pattern, by, isMatch(path, `${by}/`), ...when);
  const maskTwice = (pattern: string, by: string, again: string, ...when: readonly string[]): readonly string[] => {
    const replaced = [path, `/(?:${pattern})(/|$)`, `/${by}$1`] as const;
    return [replace(...replaced, ...when), replace(...replaced, again)];
  };
  const [at, encodedAt] = [isMatch(path, '@'), isMatch(path, '%40')];
  return [
    {
      conditions: [isMatch(path, '/eyJ'), at, encodedAt],
      statements: [
        ...mask('eyJ[\\w-]*\\.[\\w-]*\\.?[\\w-]*', '<token>'),
        ...mask('[^/]*(?:@|%40)[^/]*', '<email>', `(${at} or ${encodedAt})`),
      ],
    },
    // Most paths of an API have one: looking first would be looking twice.
    { statements: maskTwice('\\+?\\d{7,}', '<number>', isMatch(path, '<number>/\\+?\\d{7}')) },
    {
      conditions: [isMatch(path, '/[\\w~+=-]{16}')],
      statements: [
        ...mask('(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', '<uuid>'),
        ...mask('(?i:[0-9a-f]{16,})', '<hex>'),
        // Too large for Go's fast matchers, so a small one looks first.
        ...mask(places.join('|'), '<token>', isMatch(path, '/[\\w~+=-]{20}')),
      ],
    },
  ];
}

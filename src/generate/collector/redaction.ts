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
  // Something that is in whatever the pattern matches. Each begins with a literal, which RE2 finds many times faster than a class.
  const masks: readonly { signs: readonly string[]; pattern: string; by: string }[] = [
    { signs: ['/eyJ'], pattern: 'eyJ[\\w-]*\\.[\\w-]*\\.?[\\w-]*', by: '<token>' },
    { signs: ['@', '%40'], pattern: '[^/]*(?:@|%40)[^/]*', by: '<email>' },
    {
      signs: ['/[0-9a-fA-F]{8}-'],
      pattern: '(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})',
      by: '<uuid>',
    },
    { signs: ['/\\+?\\d{7}'], pattern: '\\+?\\d{7,}', by: '<number>' },
    { signs: ['/[0-9a-fA-F]{16}'], pattern: '(?i:[0-9a-f]{16,})', by: '<hex>' },
    { signs: ['/[\\w~+=-]{20}'], pattern: places.join('|'), by: '<token>' },
  ];
  const seen = (signs: readonly string[]): readonly string[] => signs.map((sign) => isMatch(path, sign));
  const group = {
    conditions: masks.flatMap(({ signs }) => seen(signs)),
    statements: masks.map(({ signs, pattern, by }) =>
      replace(path, `/(?:${pattern})(/|$)`, `/${by}$1`, `(${seen(signs).join(' or ')})`),
    ),
  };
  // Twice: of two such segments side by side the first match takes the slash that the second begins with. Mostly nothing is left by then.
  return [group, group];
}

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
  const telling = isMatch(path, '[0-9]{7}|@|%40|eyJ|[0-9a-zA-Z_~+=-]{16}');
  const places = Array.from({ length: 20 }, (_, i) => `[a-zA-Z_~+=-]{${i}}\\d[\\w~+=-]{${19 - i},}`);
  // `sign` is in whatever the pattern matches and much cheaper to look for.
  const mask = (sign: string, pattern: string, by: string): string =>
    replace(path, `/(?:${pattern})(/|$)`, `/${by}$1`, isMatch(path, sign));
  const statements = [
    mask('eyJ', 'eyJ[\\w-]*\\.[\\w-]*\\.?[\\w-]*', '<token>'),
    mask('@|%40', '[^/]*(?:@|%40)[^/]*', '<email>'),
    mask('-[0-9a-fA-F]{4}-', '(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', '<uuid>'),
    mask('[0-9]{7}', '\\+?\\d{7,}', '<number>'),
    mask('[0-9a-fA-F]{16}', '(?i:[0-9a-f]{16,})', '<hex>'),
    mask('[\\w~+=-]{20}', places.join('|'), '<token>'),
  ];
  // Twice: of two such segments side by side the first match takes the slash that the second begins with. Mostly nothing telling is left by then.
  const group = { conditions: [telling], statements };
  return [group, group];
}

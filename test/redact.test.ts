import { expect, test } from 'vitest';
import { redactAddress, redactPath, redactText } from '../src/logs/redact.ts';

test.each([
  ['/orders/42?token=abc&page=2', '/orders/42?…'],
  ['/users/ana@example.com/cart', '/users/<email>/cart'],
  ['/users/ana%40example.com', '/users/<email>'],
  ['/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '/reset/<token>'],
  ['/s/9f86d081884c7d659a2feaa0c55ad015', '/s/<hex>'],
  ['/o/3f2504e0-4f89-11d3-9a0c-0305e82c3301', '/o/<uuid>'],
  ['/pay/4111111111111111', '/pay/<number>'],
  ['/k/Zm9vYmFyYmF6cXV4MTIzNDU', '/k/<token>'],
  ['/api/v1/products/blue-suede-shoes-and-socks', '/api/v1/products/blue-suede-shoes-and-socks'],
  ['/a#b?c', '/a?…'],
])('%s becomes %s', (path, safe) => expect(redactPath(path).replace('#…', '?…')).toBe(safe));

test.each([
  ['198.51.100.7', '198.51.100.x'],
  ['198.51.100.7:443', '198.51.100.x'],
  ['2001:db8:1:2::7', '2001:db8:…'],
  ['[2001:db8::1]:443', '2001:db8:…'],
  ['not an address', '<address>'],
])('address %s becomes %s', (address, safe) => expect(redactAddress(address)).toBe(safe));

test.each([
  ['authorization: Bearer abc.def', 'authorization: <redacted>'],
  ['curl -H "X-Api-Key: s3cret" /x?y=1', 'curl -H "X-Api-Key: <redacted> /x?…'],
  ['lua_response_bearer_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'lua_response_bearer_<redacted>'],
  ['via_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'via_<token>'],
  ['missing_api_key', 'missing_api_key'],
  ['Secret_is_not_supplied_by_SDS', 'Secret_is_not_supplied_by_SDS'],
  ['from 203.0.113.9 by bob@example.com', 'from 203.0.113.x by <email>'],
])('%s', (text, safe) => expect(redactText(text)).toBe(safe));

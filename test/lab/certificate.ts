import { createSign, generateKeyPairSync } from 'node:crypto';

/** A self-signed certificate for 127.0.0.1, made for one run and written nowhere but to the lab's temporary directory. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

// Node can sign but not issue, and openssl is not on every machine: the few DER structures of a certificate are written here.
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const hex = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'hex'));

const ecdsaWithSha256 = sequence(hex(0x06, '2a8648ce3d040302'));
const commonName = '550403';
const subjectAltName = '551d11';
const basicConstraints = '551d13';

const name = (cn: string): Buffer => sequence(der(0x31, sequence(hex(0x06, commonName), der(0x0c, Buffer.from(cn)))));
const utcTime = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
const extension = (oid: string, value: Buffer): Buffer => sequence(hex(0x06, oid), der(0x04, value));

/** A self-signed P-256 certificate, valid from an hour ago until tomorrow. */
export function selfSigned(cn: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const alternatives = sequence(der(0x82, Buffer.from(cn)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const authority = sequence(hex(0x01, 'ff'));
  const body = sequence(
    der(0xa0, hex(0x02, '02')),
    hex(0x02, '01'),
    ecdsaWithSha256,
    name(cn),
    sequence(utcTime(now - 3_600_000), utcTime(now + 86_400_000)),
    name(cn),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(basicConstraints, authority), extension(subjectAltName, alternatives))),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

import { z } from 'zod';
import { duration, gatewayRef, name, objectRef, port, sentence, text } from './leaf.ts';

const objectName = text(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, 'a name of lower-case letters, digits, - and .');

export const route = z.strictObject({
  name: objectName.describe("the HTTPRoute's name"),
  namespace: name.describe("the HTTPRoute's namespace"),
  gateways: z.array(gatewayRef).default([]).describe('the gateways it hangs on'),
  backends: z.array(objectRef).default([]).describe('`<namespace>/<name>` of the Services it leads to'),
  timeout: duration.optional().describe("the route's whole timeout"),
});

export const backend = z.strictObject({
  name: objectName.describe("the Service's name"),
  namespace: name.describe("the Service's namespace"),
  port: port.optional().describe("the Service's port"),
  keepAlive: duration.optional().describe('when the server itself closes an idle connection'),
  requestTimeout: duration.optional().describe('when the server itself gives up on a request'),
  server: sentence.optional().describe('what it runs on: node, uvicorn, tomcat, ...'),
});

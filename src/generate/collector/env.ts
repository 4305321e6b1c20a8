/** Text that the Collector replaces by an environment variable when it starts. */
export const env = (name: string): string => `\${env:${name}}`;

/** What a review of manifests found. `breaks`: applied like this, kgateway answers 500 for a whole Gateway. */
export interface Finding {
  readonly breaks: boolean;
  readonly where: string;
  readonly message: string;
  readonly hint: string;
}

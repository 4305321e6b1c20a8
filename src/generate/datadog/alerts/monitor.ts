/** A monitor by the id in its mark, as Datadog's API takes it but for the ids of others, which references stand for. */
export interface Monitor {
  readonly id: string;
  readonly document: {
    readonly type: 'query alert' | 'composite';
    readonly name: string;
    readonly query: string;
    readonly message: string;
    readonly tags: readonly string[];
    readonly priority?: number;
    readonly options: object;
  };
}

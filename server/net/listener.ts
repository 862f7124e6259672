/** Something that accepts connections until it is disposed of. */
export interface Listening extends AsyncDisposable {
  /** The address that it is bound to. */
  readonly host: string;
  /** The real port, also when 0 was asked for. */
  readonly port: number;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

/**
 * The part of zod's types that the package needs; the build puts this in their place. zod's own are two hundred times
 * as long, and in a bundle TypeScript rejects them if it checks all libraries.
 */
export namespace z {
  export interface ZodType<Output = unknown, Input = Output, _Internals = unknown> {
    readonly _output: Output;
    readonly _input: Input;
  }
  export type infer<T extends ZodType> = T['_output'];
  export type input<T extends ZodType> = T['_input'];

  export type ZodString = ZodType<string>;
  export type ZodISODateTime = ZodType<string>;
  export type ZodInt = ZodType<number>;
  export type ZodBoolean = ZodType<boolean>;
  export type ZodLiteral<T> = ZodType<T>;
  export type ZodEnum<T> = ZodType<T[keyof T]>;
  export type ZodArray<T extends ZodType> = ZodType<T['_output'][], T['_input'][]>;
  export type ZodNullable<T extends ZodType> = ZodType<T['_output'] | null, T['_input'] | null>;
  export type ZodRecord<K extends ZodType<string>, V extends ZodType> = ZodType<
    Record<K['_output'], V['_output']>,
    Record<K['_output'], V['_input']>
  >;
  export type ZodUnion<T extends readonly ZodType[]> = ZodType<T[number]['_output'], T[number]['_input']>;
  export type ZodDiscriminatedUnion<T extends readonly ZodType[], _Field> = ZodUnion<T>;

  /** A field that may be omitted or undefined. */
  export interface ZodOptional<T extends ZodType> extends ZodType<T['_output'] | undefined, T['_input'] | undefined> {
    readonly leftOut: 'sent' | 'received';
  }
  /** A field that may be omitted. */
  export interface ZodExactOptional<T extends ZodType> extends ZodType<T['_output'], T['_input']> {
    readonly leftOut: 'sent' | 'received';
  }
  /** A field that the sender may omit. */
  export interface ZodDefault<T extends ZodType> extends ZodType<T['_output'], T['_input'] | undefined> {
    readonly leftOut: 'sent';
  }

  type Fields = Readonly<Record<string, ZodType>>;
  type LeftOut<S extends Fields, By> = {
    [K in keyof S]: S[K] extends { readonly leftOut: infer Who } ? (By extends Who ? K : never) : never;
  }[keyof S];
  type Flat<T> = { [K in keyof T]: T[K] };
  export type ZodObject<S extends Fields, _Config = unknown> = ZodType<
    Flat<
      { [K in Exclude<keyof S, LeftOut<S, 'received'>>]: S[K]['_output'] } & {
        [K in LeftOut<S, 'received'>]?: S[K]['_output'];
      }
    >,
    Flat<
      { [K in Exclude<keyof S, LeftOut<S, 'sent'>>]: S[K]['_input'] } & { [K in LeftOut<S, 'sent'>]?: S[K]['_input'] }
    >
  >;

  export namespace core {
    export type $strip = unknown;
    export type $strict = unknown;
    export type $ZodTypeInternals<_Output, _Input> = unknown;
  }
}

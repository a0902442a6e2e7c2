// What core may use besides the language: it exists in workerd, in browsers and in Node alike.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

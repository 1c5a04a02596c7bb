/** SHA-256, piece by piece: the host passes in its fastest. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}
export type NewSha256 = () => Sha256;

/** A file of the repository as text, for tests in the Workers runtime, which has no file system. */
declare module "*.csv?raw" {
  const text: string;
  export default text;
}

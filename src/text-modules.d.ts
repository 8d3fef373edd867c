/** Remote scripts are files of their own, bundled as text. */
declare module '*.sh' {
  const text: string;
  export default text;
}

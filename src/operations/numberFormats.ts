import { cachedByLocale } from './cachedByLocale';

let language: string | undefined;

/**
 * Numbers are written as the words around them are: in VS Code's language, be the computer's locale another one.
 * @param tag BCP 47; anything else, or an unknown language, leaves it to the computer's locale
 */
export function writeNumbersIn(tag: string): void {
  language = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/iu.test(tag) ? tag : undefined;
}

/** A format by locale; by default that of VS Code's language. */
export function numbers(options: Intl.NumberFormatOptions): (locale?: string) => Intl.NumberFormat {
  const format = cachedByLocale((locale) => new Intl.NumberFormat(locale, options));
  return (locale = language) => format(locale);
}

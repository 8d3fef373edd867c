/** Makes a format of a locale once: that takes longer than its use. */
export const cachedByLocale = <T>(make: (locale: string | undefined) => T): ((locale?: string) => T) => {
  const made = new Map<string | undefined, T>();
  return (locale) => {
    const known = made.get(locale);
    if (known !== undefined) {
      return known;
    }
    const fresh = make(locale);
    made.set(locale, fresh);
    return fresh;
  };
};

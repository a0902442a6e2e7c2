/** A name from the domain as people read it: `pending_creatives` is "Pending creatives". */
export function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

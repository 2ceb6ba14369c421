/* What the page asks of itself: no sign that a person is there, and no matter where it fails. */
export async function quiet<T>(path: string): Promise<T | null> {
  try {
    const r = await fetch(path, { headers: { "X-Cloister-Poll": "1" }, cache: "no-store" });
    return r.ok ? ((await r.json()) as T) : null;
  } catch {
    return null;
  }
}

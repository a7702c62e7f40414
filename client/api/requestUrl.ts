import { apiPrefix } from '../../shared/api/routes.ts';

type Values = Record<string, string | number | boolean | undefined>;

/** Fills `:name` parameters and appends the query; undefined and empty values are left out. */
export function requestUrl(path: string, params: Values = {}, query: Values = {}) {
  const filled = path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value));
  const suffix = search.size > 0 ? `?${search}` : '';
  return `${apiPrefix}${filled}${suffix}`;
}

import { escapeHtml } from './escapeHtml.ts';
import type { OpenApiDocument } from './openApi.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { content: Record<string, { schema?: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The API's description as one page to read, without scripts. */
export function renderDocs(description: OpenApiDocument): string {
  const base = description.servers?.[0]?.url ?? '';
  const operations = Object.entries(description.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): Described => ({
      method,
      path: base + path,
      operation,
    })),
  );
  const tags = [...new Set(operations.map(tagOf))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/favicon.svg">
<title>Tallylight API</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Tallylight API</h1>
<p>${escapeHtml(description.info.description ?? '')}</p>
<p><a href="/api/openapi.json">openapi.json</a> (OpenAPI ${escapeHtml(description.openapi)})</p>
<nav>${tags.map((tag) => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`).join(' ')}</nav>
</header>
<main>
${tags.map((tag) => renderTag(tag, operations)).join('\n')}
</main>
</body>
</html>
`;
}

function renderTag(tag: string, operations: readonly Described[]): string {
  const own = operations.filter((described) => tagOf(described) === tag);
  return `<section id="${anchor(tag)}"><h2>${escapeHtml(tag)}</h2>${own.map(renderOperation).join('')}</section>`;
}

function renderOperation({ method, path, operation }: Described): string {
  const { operationId = '', summary = '', security = [], parameters = [] } = operation;
  const open = security.some((way) => Object.keys(way).length === 0);
  return `<details id="${anchor(operationId)}"><summary>
<b class="${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</b> <code>${escapeHtml(path)}</code>
<span>${escapeHtml(summary)}</span>${open ? '<i>public</i>' : ''}</summary>
${parameters.length > 0 ? `<h3>Parameters</h3><table>${parameters.map(renderParameter).join('')}</table>` : ''}
${renderContent('Body', operation.requestBody?.content)}
${Object.entries(operation.responses).map(renderResponse).join('')}
</details>`;
}

function renderParameter(parameter: NonNullable<Operation['parameters']>[number]): string {
  const needed = parameter.required ? 'required' : 'optional';
  return `<tr><td><code>${escapeHtml(parameter.name)}</code></td><td>${escapeHtml(parameter.in)}, ${needed}</td>
<td><code>${escapeHtml(JSON.stringify(parameter.schema ?? {}))}</code></td></tr>`;
}

function renderResponse([status, response]: [string, Operation['responses'][string]]): string {
  const content = status.startsWith('2') ? renderContent('', response.content) : '';
  return `<h3>${escapeHtml(status)} <small>${escapeHtml(response.description)}</small></h3>${content}`;
}

function renderContent(title: string, content: Record<string, { schema?: object }> | undefined): string {
  const schema = content?.['application/json']?.schema;
  if (!schema) return '';
  const heading = title ? `<h3>${escapeHtml(title)}</h3>` : '';
  return `${heading}<pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`;
}

function tagOf({ operation }: Described): string {
  return operation.tags?.[0] ?? 'Other';
}

function anchor(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

const style = `
:root{color-scheme:light dark;--line:light-dark(#d8dce2,#343a43);--soft:light-dark(#f4f5f7,#1e2228);--dim:light-dark(#5b6470,#9aa4b1)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1rem;background:light-dark(#fff,#15181c);color:light-dark(#1b1f24,#e6e9ed)}
a{color:light-dark(#c4161c,#ff7b7f)}nav{display:flex;gap:1rem;flex-wrap:wrap}
h2{margin-top:2.5rem}h3{font-size:.95rem;margin:1rem 0 .3rem}small,span,i{color:var(--dim);font-weight:normal}
details{border:1px solid var(--line);border-radius:8px;margin:.5rem 0;padding:.6rem .9rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:4.2rem;font-size:.8rem;letter-spacing:.04em}
summary span{margin-left:.5rem}summary i{float:right;font-size:.85rem}
.get{color:light-dark(#0b6bcb,#6cb6ff)}.post{color:light-dark(#1a7f37,#57d364)}
.patch{color:light-dark(#9a6700,#e3b341)}.delete{color:light-dark(#cf222e,#ff8182)}
code,pre{font:.85rem/1.45 ui-monospace,monospace}pre{background:var(--soft);border-radius:6px;padding:.7rem;overflow:auto;max-height:28rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top;overflow-wrap:anywhere}
`;

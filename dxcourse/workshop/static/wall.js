// The wall: one view of a room, drawn into an element. The projector, the phones and a printed
// page show the same; `class="wall-full"` on the element says that it is to fill its box.
import { become, draw as svg, make, said, typed } from './wall.dom.js';

const [LARGEST, SMALLEST] = [1.35, 0.5]; // of the type's usual size
const LEGIBLE = 27; // of a cloud's words: smaller ones cannot be read on a phone
const MAJORITY = 0.5;
const clear = count => (count > 0 ? String(count) : '0');

/**
 * Draw a view (`RoomView.message()`), or change the one that stands there into it.
 *
 * `words` are `wall_words()`; `options.heading` is the level of the heading (2), `options.joined`
 * how many are in the room (left out when unknown), `options.page` the page that the projector
 * shows (0). Gives the number of pages.
 */
export function draw(view, element, words, options = {}) {
    const pages = Math.max(0, ...view.pictures.map(each => each.page)) + 1;
    const full = element.classList.contains('wall-full');
    const page = Math.min(options.page ?? 0, pages - 1);
    const pictures = full ? view.pictures.filter(each => each.page === page) : view.pictures;
    const next = wall({ ...view, pictures }, words, { ...options, page, pages: full ? pages : 1 });
    const present = element.firstElementChild;
    const shown = present ? become(present, next) : next;
    if (!present) element.append(next);
    if (full) fit(shown.querySelector('.wall-body'));
    return pages;
}

/** Let the type be as large as the box allows: a wall does not scroll. */
function fit(body) {
    if (!body.clientHeight) return; // not on screen
    const over = () => body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1 ||
        [...body.querySelectorAll('.wall-picture, .wall-fill')].some(box => box.scrollHeight > box.clientHeight + 1);
    for (let size = LARGEST; ; size -= 0.05) {
        body.style.setProperty('--fit', size.toFixed(2));
        if (size <= SMALLEST || !over()) return;
    }
}

function wall(view, words, options) {
    const shown = view.pictures.map((each, at) => picture(each, at, words)).filter(Boolean);
    return make('section', { class: 'wall', 'data-key': view.exercise, 'data-kind': view.kind },
        make('header', { class: 'wall-top' },
            make('div', {},
                make(`h${options.heading ?? 2}`, { class: 'wall-title' }, view.title),
                subtitle(view, words, options)),
            count(view.answered, words, options)),
        view.revealed
            ? make('div', { class: 'wall-body', 'data-key': 'shown', 'data-pictures': String(shown.length) }, shown)
            : waiting(view, words));
}

function subtitle(view, words, { page, pages }) {
    const { changed, withheld } = view;
    return make('p', { class: 'wall-note' },
        pages > 1 ? make('span', { 'data-key': 'page' }, said(words.page, { n: page + 1, of: pages }), '　') : null,
        changed ? make('span', { 'data-key': 'changed' }, said(words.changed, changed)) : null,
        withheld ? make('span', { 'data-key': 'few' }, words.few) : null);
}

function count(answered, words, options) {
    const parts = [];
    if (answered.people || !(answered.pairs || answered.hands)) parts.push(['people', answered.people]);
    if (answered.pairs) parts.push(['pairs', answered.pairs]);
    if (answered.hands) parts.push(['hands', answered.hands]);
    return make('p', { class: 'wall-count' },
        make('span', { class: 'wall-small' }, `${words.answered} `),
        parts.map(([name, n]) => make('span', { class: 'wall-counted', 'data-key': name }, ...big(words[name], n))),
        options.joined ? make('span', { class: 'wall-small', 'data-key': 'of' }, ` ${said(words.of, { n: options.joined })}`) : null);
}

/** A word with its number large: `{n}人`. */
function big(word, n) {
    const [before, after] = word.split('{n}');
    return [before, make('b', {}, String(n)), after].filter(part => part !== '');
}

function waiting(view, words) {
    return make('div', { class: 'wall-body wall-waiting', 'data-key': 'waiting' },
        make('p', { class: 'wall-wait' }, words.waiting),
        make('p', { class: 'wall-note' }, words.hidden));
}

// -- pictures -----------------------------------------------------------------------------------

const SHAPES = { bars, heat, histogram, radar, cloud, themes, voices };

function picture(each, at, words) {
    const inside = SHAPES[each.shape]?.(each, words);
    if (!inside) return null;
    return make('figure', { class: `wall-picture wall-${each.shape}`, 'data-key': `${at}-${each.shape}-${each.item}` },
        each.title ? make('figcaption', {}, each.title) : null, inside);
}

const quiet = (...children) => make('span', { class: 'wall-quiet' }, ...children);
const right = words => make('span', { class: 'wall-right' }, '✓ ', words.right);
// A phone lays rows out as blocks; the roles say that it is a table all the same.
const row = (key, ...cells) => make('tr', { role: 'row', 'data-key': key }, ...cells);
const column = (...children) => make('th', { scope: 'col', role: 'columnheader' }, ...children);
const first = (...children) => make('th', { scope: 'row', role: 'rowheader' }, ...children);
const head = (cells, unseen) => make('thead', { role: 'rowgroup', class: unseen ? 'wall-unseen' : null },
    row(null, cells.map(cell => column(cell))));

function bars(each, words) {
    const most = Math.max(1, each.n, each.before_n ?? 0);
    const before = each.before_n !== null;
    return barTable(each, 'wall-bars-table', each.bars.map(one => row(one.ref,
        first(one.text, one.right ? [' ', right(words)] : null),
        make('td', { role: 'cell' },
            bar(one.count, most, one.right ? 'wall-bar wall-bar-right' : 'wall-bar',
                before ? `${words.now} ` : ''),
            before ? bar(one.before, most, 'wall-bar wall-bar-before', `${words.before} `) : null))));
}

function barTable(each, name, rows) {
    return make('table', { role: 'table', class: name },
        make('caption', { class: 'wall-unseen' }, each.caption),
        head(each.table.head.slice(0, 2), true),
        make('tbody', { role: 'rowgroup' }, rows));
}

function bar(n, most, name, label) {
    return make('span', { class: 'wall-line' },
        make('span', { class: name, 'aria-hidden': 'true', style: { 'inline-size': `${(80 * n) / most}%` } }),
        make('span', { class: 'wall-n' }, label ? quiet(label) : null, clear(n)));
}

function heat(each, words) {
    const marks = new Map(each.rows.filter(row => row.certainty).map(row => [row.certainty.mark, row.certainty.name]));
    const anyRight = each.rows.some(row => row.right.length);
    return make('div', { class: 'wall-fill' },
        make('table', { role: 'table', style: { '--columns': each.columns.length } },
            make('caption', { class: 'wall-unseen' }, each.caption),
            make('thead', { role: 'rowgroup' }, row(null,
                column(make('span', { class: 'wall-unseen' }, each.table.head[0])),
                each.columns.map(one => column(
                    one.text, one.sign ? make('span', { class: 'wall-sign' }, ` ${one.sign}`) : null)))),
            make('tbody', { role: 'rowgroup' }, each.rows.map(one => row(one.ref, rowHead(one, words),
                one.counts.map((n, at) => cell(one, n, at, words)))))),
        anyRight || marks.size ? make('p', { class: 'wall-legend' },
            anyRight ? make('span', { 'data-key': 'right' }, right(words)) : null,
            [...marks].map(([mark, name]) => make('span', { 'data-key': mark }, said(words.certainty, { mark, name })))) : null);
}

function rowHead(one, words) {
    return first(
        one.certainty ? make('span', { class: 'wall-mark', title: one.certainty.source },
            one.certainty.mark, make('span', { class: 'wall-unseen' }, one.certainty.name)) : null,
        typed(one.text),
        one.split ? make('span', { class: 'wall-split' }, ` ${words.split}`) : null,
        one.note ? make('span', { class: 'wall-aside' }, ` ${one.note}`) : null);
}

function cell(one, n, at, words) {
    const share = one.n ? Math.min(1, n / one.n) : 0;
    // In between neither dark nor light text would have contrast enough.
    const tint = share <= MAJORITY ? share : 0.74 + (share - MAJORITY) * 0.52;
    const ok = one.right.includes(at);
    return make('td', {
        role: 'cell',
        class: [share > MAJORITY ? 'wall-strong' : '', ok ? 'wall-key' : ''].join(' ').trim() || null,
        style: { '--tint': `${Math.round(tint * 100)}%` },
    },
        ok ? make('span', { class: 'wall-tick' }, '✓', make('span', { class: 'wall-unseen' }, words.right), ' ') : null,
        clear(n),
        one.before ? make('span', { class: 'wall-was' }, ` ${words.before} ${one.before[at]}`) : null);
}

/** The table of a picture that is drawn as SVG: for those who do not see it. */
function table(each) {
    return make('div', { class: 'wall-unseen' }, make('table', {},
        make('caption', {}, each.caption),
        head(each.table.head),
        make('tbody', {}, each.table.rows.map(cells => row(null, cells.map((value, at) => {
            const inside = typed(value === null ? '' : String(value));
            return at ? make('td', { role: 'cell' }, inside) : first(inside);
        }))))));
}

function cloud(each, words) {
    if (!each.words.length) return make('p', { class: 'wall-note' }, words.none);
    const most = each.words[0].count;
    return make('div', { class: 'wall-fill' },
        svg('svg', { viewBox: `0 0 ${each.width} ${each.height}`, role: 'img', 'aria-label': each.caption },
            each.words.map((word, at) => svg('text', {
                'data-key': word.text, x: word.x, y: word.y, 'font-size': word.size,
                textLength: word.width, lengthAdjust: 'spacingAndGlyphs',
                class: `wall-word wall-word-${word.count > most / 2 ? 0 : 1 + (at % 2)}${word.size < LEGIBLE ? ' wall-word-small' : ''}`,
            }, word.text))),
        table(each));
}

function histogram(each, words) {
    const [wide, high, low] = [1000, 400, 64];
    const most = Math.max(1, ...each.spans.flatMap(span => [span.count, span.before ?? 0]));
    const step = wide / each.spans.length;
    const rise = n => ((high - 50) * n) / most;
    return make('div', { class: 'wall-fill' },
        svg('svg', { viewBox: `0 0 ${wide} ${high + low}`, role: 'img', 'aria-label': each.caption },
            each.spans.map((span, at) => svg('g', { 'data-key': `${at}` },
                svg('rect', {
                    x: at * step + step * 0.08, y: high - rise(span.count), width: step * 0.84, height: rise(span.count),
                    rx: 4, class: span.right ? 'wall-step wall-step-right' : 'wall-step',
                }),
                span.before === null ? null : svg('line', {
                    x1: at * step + step * 0.02, x2: at * step + step * 0.98,
                    y1: high - rise(span.before), y2: high - rise(span.before), class: 'wall-step-before',
                }),
                svg('text', { x: (at + 0.5) * step, y: high - rise(span.count) - 12, class: 'wall-svg-n' },
                    `${span.right ? '✓ ' : ''}${clear(span.count)}`),
                svg('text', { x: (at + 0.5) * step, y: high + 40, class: 'wall-svg-label' }, span.label))),
            svg('line', { x1: 0, x2: wide, y1: high, y2: high, class: 'wall-axis' })),
        make('p', { class: 'wall-legend' },
            make('span', {}, `${words.median} `, make('b', {}, each.median)),
            each.before_median ? make('span', {}, `${words.before} `, make('b', {}, each.before_median)) : null,
            each.right ? make('span', { class: 'wall-right' }, `✓ ${words.key} `, make('b', {}, each.right)) : null),
        make('div', { class: 'wall-steps' }, barTable(each, null, each.spans.map((span, at) => row(`${at}`,
            first(String(each.table.rows[at][0]), span.right ? [' ', right(words)] : null),
            make('td', { role: 'cell' },
                bar(span.count, each.n, 'wall-bar', ''),
                span.before === null ? null : bar(span.before, each.n, 'wall-bar wall-bar-before', `${words.before} `)))))));
}

function radar(each, words) {
    const [middle, top, radius] = [350, 250, 175];
    const levels = each.levels.length - 1;
    const at = (spoke, level) => {
        const turn = (2 * Math.PI * spoke) / each.spokes.length - Math.PI / 2;
        const far = (radius * (level + 1)) / (levels + 1);
        return [middle + far * Math.cos(turn), top + far * Math.sin(turn)];
    };
    const ring = value => each.spokes.map((spoke, n) => at(n, value(spoke)).map(x => x.toFixed(1)).join(',')).join(' ');
    const before = each.spokes.some(spoke => spoke.before !== null);
    return make('div', { class: 'wall-fill' },
        svg('svg', { viewBox: '0 0 700 500', role: 'img', 'aria-label': each.caption },
            each.levels.map((_, level) => svg('polygon', { points: ring(() => level), class: 'wall-ring' })),
            each.spokes.map((_, n) => {
                const [x, y] = at(n, levels);
                return svg('line', { x1: middle, y1: top, x2: x, y2: y, class: 'wall-ring' });
            }),
            svg('path', { d: `M${ring(s => s.high)}Z M${ring(s => s.low)}Z`, class: 'wall-half' }),
            before ? svg('polygon', { points: ring(s => s.before), class: 'wall-mean-before' }) : null,
            svg('polygon', { points: ring(s => s.mean), class: 'wall-mean' }),
            each.levels.map((level, n) => svg('text', {
                x: middle + 6, y: at(0, n)[1] + 16, class: 'wall-level',
            }, level)),
            each.spokes.map((spoke, n) => spokeLabel(spoke, at(n, levels + 0.4), middle, top))),
        make('p', { class: 'wall-legend' },
            make('span', { class: 'wall-swatch wall-swatch-mean' }, words.mean),
            make('span', { class: 'wall-swatch wall-swatch-half' }, words.middle_half),
            before ? make('span', { class: 'wall-swatch wall-swatch-before' }, words.before) : null),
        table(each));
}

function spokeLabel(spoke, [x, y], middle, top) {
    const side = Math.abs(x - middle) < 8 ? 'middle' : x > middle ? 'start' : 'end';
    return svg('text', { x, y: y < top ? y - 22 : y + 12, 'text-anchor': side, class: 'wall-spoke' },
        spoke.text, svg('tspan', { x, dy: '1.2em', class: 'wall-spoke-n' }, spoke.mean.toFixed(1)));
}

function voice(each, words) {
    return make('li', { class: each.pinned ? 'wall-voice wall-pinned' : 'wall-voice', 'data-key': each.id },
        each.pinned ? make('span', { class: 'wall-pin' }, `★ ${words.pinned} `) : null,
        make('q', {}, typed(each.text)),
        each.cut ? make('span', { class: 'wall-aside' }, words.cut) : null,
        each.count > 1 ? make('span', { class: 'wall-aside' }, ` ${said(words.times, { n: each.count })}`) : null);
}

const quotes = (each, words) => (each.length ? make('ul', { class: 'wall-voices-list' }, each.map(one => voice(one, words))) : null);

function themes(each, words) {
    const all = [...each.groups, ...each.themes, each.others];
    const most = Math.max(1, each.n, each.before_n ?? 0);
    const before = each.before_n !== null;
    const pinned = new Set(each.pinned.map(one => one.id));
    return make('div', { class: 'wall-fill' },
        quotes(each.pinned, words),
        make('ul', { class: 'wall-themes-list' }, all.filter(one => one.count || one.before).map(one =>
            make('li', { 'data-key': one.id, class: one.id.startsWith('group') ? 'wall-group' : null },
                make('div', { class: 'wall-theme' },
                    make('span', { class: 'wall-theme-name' }, typed(one.name)),
                bar(one.count, most, 'wall-bar', before ? `${words.now} ` : ''),
                    before && one.before !== null ? bar(one.before, most, 'wall-bar wall-bar-before', `${words.before} `) : null),
                quotes(one.voices.filter(each => !pinned.has(each.id)), words)))));
}

function voices(each, words) {
    return quotes(each.voices, words) ?? make('p', { class: 'wall-note' }, words.none);
}

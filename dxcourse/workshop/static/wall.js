// Results on the wall: one idea a page, as wide as it is, the lead in front. Sizes are the stage's.
import { become, draw as svg, make, said, spoken, title, typed } from './wall.dom.js';

const MAJORITY = 0.5;
const clear = count => (count > 0 ? String(count) : '0');

/**
 * Draw a page of a view (`RoomView.message()`), or change the one that stands there into it.
 *
 * `words` are `wall_words()`; `options.joined` is how many are in the room, `options.page` the page
 * (0). Gives the number of pages.
 */
export function draw(view, element, words, options = {}) {
    const pages = Math.max(0, ...view.pictures.map(each => each.page)) + 1;
    const page = Math.min(options.page ?? 0, pages - 1);
    const pictures = view.pictures.filter(each => each.page === page);
    const next = wall(view, pictures, words, { ...options, page, pages });
    const present = element.firstElementChild;
    if (present) become(present, next); else element.append(next);
    return pages;
}

function wall(view, pictures, words, options) {
    const turn = view.changed && options.page === 0 ? pictures.find(each => each.before_n != null && each.shape === 'bars') : null;
    const shown = turn ? [turned(turn, view.changed, words)] : pictures.map((each, at) => picture(each, at, words)).filter(Boolean);
    const notes = [
        turn ? words.turn_legend : null,
        view.withheld ? words.few : null,
        ...pictures.map(each => legend(each, words)),
        options.pages > 1 ? said(words.page, { n: options.page + 1, of: options.pages }) : null,
    ].filter(Boolean);
    return make('section', { class: 'wall', 'data-key': view.exercise, 'data-shape': turn ? 'turn' : pictures[0]?.shape, 'data-note': [...new Set(notes)].join('　') },
        make('header', { class: 'st-head' },
            title(view.title), make('span', { class: 'st-grow' }),
            turn ? null : count(view.answered, words, options)),
        make('div', { class: 'wall-body', 'data-pictures': String(shown.length), 'data-fit': '' },
            shown.length ? shown : make('p', { class: 'wall-none' }, view.withheld ? words.few : words.none)));
}

function count(answered, words, options) {
    const n = answered.people + answered.pairs + answered.hands;
    const of = Math.max(options.joined ?? 0, n);
    return make('p', { class: 'st-got', 'data-key': 'got' },
        make('b', {}, String(n)), of > n ? ` / ${of}` : '',
        answered.hands ? make('small', {}, ` ${said(words.hands, { n: answered.hands })}`) : null);
}

/** Stools: those that are taken, and a few more. */
export function seats(n) {
    const shown = Math.min(n, 34);
    const free = Math.max(0, Math.min(26 - shown, 8));
    return Array.from({ length: shown + free }, (_, at) => svg('svg', { viewBox: '0 0 64 64', class: at < shown ? 'st-stool' : 'st-stool free', 'data-key': String(at) },
        svg('rect', { class: 'seat', x: 14, y: 24, width: 36, height: 9, rx: 4.5 }),
        svg('path', { class: 'leg', d: 'M20 33l-5 23M44 33l5 23M18 46h28' })));
}

// -- pictures -----------------------------------------------------------------------------------

const SHAPES = { bars, heat, histogram, radar, cloud, themes, voices, plain };

function picture(each, at, words) {
    const inside = (SHAPES[each.shape] ?? plain)(each, words);
    if (!inside) return null;
    return make('figure', { class: `wall-picture wall-${each.shape}`, 'data-key': `${at}-${each.shape}-${each.item}` },
        each.title ? make('figcaption', {}, each.title) : null, inside);
}

/** What the signs of a picture mean, in plain words. */
function legend(each, words) {
    if (each.shape === 'voices' && each.voices.length) return words.nod;
    if (each.shape === 'cloud') return words.cloud;
    if (each.shape !== 'heat') return each.shape === 'histogram' && each.right ? `✓ ${words.key} ${each.right}` : '';
    const marks = new Map(each.rows.filter(row => row.certainty && row.right.length).map(row => [row.certainty.mark, row.certainty.name]));
    const plain = [...marks].map(([mark, name]) => said(words.certainty, { mark, name }));
    if (marks.size) return [...plain, words.not_national].join('　');
    return each.rows.some(row => row.right.length) ? `✓ ${words.right}` : '';
}

const right = words => make('span', { class: 'wall-right' }, `✓ ${words.right}`);
const row = (key, ...cells) => make('tr', { 'data-key': key }, ...cells);
const column = (...children) => make('th', { scope: 'col' }, ...children);
const first = (...children) => make('th', { scope: 'row' }, ...children);

function bars(each, words) {
    const most = Math.max(1, ...each.bars.flatMap(one => [one.count, one.before ?? 0]));
    const top = Math.max(...each.bars.map(one => one.count));
    const lead = top > 0 && each.bars.filter(one => one.count === top).length === 1;
    const before = each.before_n != null;
    return make('ul', { class: 'wall-bars-list', 'data-many': each.bars.length > 6 ? '' : null, 'aria-label': each.caption }, each.bars.map(one =>
        make('li', { 'data-key': one.ref, class: lead && one.count === top ? 'wall-lead' : null, style: { '--w': `${(100 * one.count) / most}%` } },
            before ? make('i', { class: 'wall-was', 'aria-hidden': 'true', style: { '--w': `${(100 * one.before) / most}%` } }) : null,
            make('span', {}, typed(one.text), one.right ? right(words) : null),
            make('b', {}, before ? make('small', {}, `${one.before} → `) : null, clear(one.count)))));
}

/** Before and after: how many changed their answer is the point, and the bars say to what. */
function turned(each, changed, words) {
    const most = Math.max(1, ...each.bars.flatMap(one => [one.count, one.before ?? 0]));
    return make('div', { class: 'wall-turn', 'data-key': 'turn' },
        make('div', {},
            make('p', {}, said(words.of_them, { n: changed.of })),
            make('p', { class: 'wall-turned' }, String(changed.n), make('small', {}, words.people_unit)),
            make('p', {}, words.changed_answer)),
        make('ul', {}, each.bars.map(one => make('li', { 'data-key': one.ref, class: one.count > one.before ? 'wall-up' : null },
            make('span', {}, one.text), make('b', {}, make('small', {}, `${clear(one.before)} → `), clear(one.count)),
            make('div', { 'aria-hidden': 'true' },
                make('i', { class: 'wall-now', style: { '--w': `${(100 * one.count) / most}%` } }),
                make('i', { class: 'wall-was', style: { '--w': `${(100 * one.before) / most}%` } }))))));
}

function heat(each, words) {
    return make('table', { style: { '--columns': each.columns.length }, 'data-columns': each.columns.length > 6 ? 'many' : null },
        make('caption', { class: 'wall-unseen' }, each.caption),
        make('thead', {}, row(null,
            column(make('span', { class: 'wall-unseen' }, each.table.head[0])),
            each.columns.map(one => column(one.text, one.sign ? make('span', { class: 'wall-sign' }, ` ${one.sign}`) : null)))),
        make('tbody', {}, each.rows.map(one => row(one.ref, rowHead(one, words),
            one.counts.map((n, at) => cell(one, n, at, words))))));
}

function rowHead(one, words) {
    return first(
        one.split ? make('span', { class: 'wall-split' }, words.split) : null,
        typed(one.text),
        one.note ? make('span', { class: 'wall-aside' }, one.note) : null);
}

function cell(one, n, at, words) {
    const share = one.n ? Math.min(1, n / one.n) : 0;
    // In between neither dark nor light text would have a contrast of 7 to 1.
    const tint = share <= MAJORITY ? share * 0.5 : 0.92 + (share - MAJORITY) * 0.16;
    const ok = one.right.includes(at);
    return make('td', {
        class: [share > MAJORITY ? 'wall-strong' : '', ok ? 'wall-key' : ''].join(' ').trim() || null,
        style: { '--tint': `${Math.round(tint * 100)}%` },
    },
        make('b', {}, clear(n)),
        ok ? make('small', {}, one.certainty ? said(words.source_mark, { mark: one.certainty.mark }) : `✓ ${words.right}`) : null,
        one.before ? make('small', { class: 'wall-earlier' }, `${words.before} ${one.before[at]}`) : null);
}

/** A picture in rows: for those who do not see it, and for a shape without a way of its own. */
function plain(each, words) {
    return make('table', { class: 'wall-table' },
        make('caption', { class: 'wall-unseen' }, each.caption),
        make('thead', {}, row(null, each.table.head.map(text => column(text)))),
        make('tbody', {}, each.table.rows.length ? each.table.rows.map((cells, at) => row(String(at), cells.map((value, place) => {
            const inside = typed(value === null ? '' : String(value));
            return place ? make('td', {}, inside) : first(inside);
        }))) : row('none', make('td', {}, words.none))));
}

const unseen = (each, words) => make('div', { class: 'wall-unseen' }, plain(each, words));

function cloud(each) {
    const [most] = each.words.map(word => word.count);
    return make('ul', { class: 'wall-words', 'aria-label': each.caption }, each.words.map((word, at) =>
        make('li', { 'data-key': word.text, class: at % 3 === 0 ? 'wall-word-accent' : null, style: { '--size': (1 + 1.9 * (most > 1 ? (word.count - 1) / (most - 1) : 0)).toFixed(2) } },
            typed(word.text), make('small', {}, String(word.count)))));
}

function histogram(each, words) {
    const [wide, high, low] = [1700, 560, 90];
    const most = Math.max(1, ...each.spans.flatMap(span => [span.count, span.before ?? 0]));
    const step = wide / Math.max(1, each.spans.length);
    const rise = n => ((high - 90) * n) / most;
    return make('div', { class: 'wall-drawn' },
        svg('svg', { viewBox: `0 0 ${wide} ${high + low}`, role: 'img', 'aria-label': each.caption },
            each.spans.map((span, at) => svg('g', { 'data-key': `${at}` },
                svg('rect', {
                    x: at * step + step * 0.08, y: high - rise(span.count), width: step * 0.84, height: rise(span.count),
                    rx: 12, class: span.right ? 'wall-step wall-step-right' : 'wall-step',
                }),
                span.before === null ? null : svg('line', {
                    x1: at * step + step * 0.02, x2: at * step + step * 0.98,
                    y1: high - rise(span.before), y2: high - rise(span.before), class: 'wall-step-before',
                }),
                span.count ? svg('text', { x: (at + 0.5) * step, y: high - rise(span.count) - 18, class: 'wall-svg-n' },
                    `${span.right ? '✓' : ''}${clear(span.count)}`) : null,
                svg('text', { x: (at + 0.5) * step, y: high + 60, class: 'wall-svg-label' }, span.label))),
            svg('line', { x1: 0, x2: wide, y1: high, y2: high, class: 'wall-axis' })),
        make('p', { class: 'wall-legend' },
            make('span', {}, `${words.median} `, make('b', {}, each.median)),
            each.before_median ? make('span', {}, `${words.before} `, make('b', {}, each.before_median)) : null),
        unseen(each, words));
}

function radar(each, words) {
    const [middle, top, radius] = [700, 400, 290];
    const levels = each.levels.length - 1;
    const at = (spoke, level) => {
        const turn = (2 * Math.PI * spoke) / each.spokes.length - Math.PI / 2;
        const far = (radius * (level + 1)) / (levels + 1);
        return [middle + far * Math.cos(turn), top + far * Math.sin(turn)];
    };
    const ring = value => each.spokes.map((spoke, n) => at(n, value(spoke)).map(x => x.toFixed(1)).join(',')).join(' ');
    const before = each.spokes.some(spoke => spoke.before !== null);
    return make('div', { class: 'wall-drawn' },
        svg('svg', { viewBox: '0 0 1400 800', role: 'img', 'aria-label': each.caption },
            each.levels.map((_, level) => svg('polygon', { points: ring(() => level), class: 'wall-ring' })),
            svg('path', { d: `M${ring(s => s.high)}Z M${ring(s => s.low)}Z`, class: 'wall-half' }),
            before ? svg('polygon', { points: ring(s => s.before ?? 0), class: 'wall-mean-before' }) : null,
            svg('polygon', { points: ring(s => s.mean), class: 'wall-mean' }),
            each.spokes.map((spoke, n) => spokeLabel(spoke, at(n, levels + 0.4), middle, top))),
        make('p', { class: 'wall-legend' },
            make('span', { class: 'wall-swatch wall-swatch-mean' }, words.mean),
            make('span', { class: 'wall-swatch wall-swatch-half' }, words.middle_half),
            before ? make('span', { class: 'wall-swatch wall-swatch-before' }, words.before) : null),
        unseen(each, words));
}

function spokeLabel(spoke, [x, y], middle, top) {
    const side = Math.abs(x - middle) < 8 ? 'middle' : x > middle ? 'start' : 'end';
    return svg('text', { x, y: y < top ? y - 18 : y + 32, 'text-anchor': side, class: 'wall-spoke' },
        spoke.text, svg('tspan', { class: 'wall-spoke-n' }, ` ${spoke.mean.toFixed(1)}`));
}

const ovals = n => make('span', { class: 'st-nods', 'aria-hidden': 'true' }, Array.from({ length: Math.min(n, 12) }, () => make('i')));

function voice(each, words, alone) {
    return make('li', { class: each.pinned ? 'wall-pinned' : null, 'data-key': each.id, 'data-span': String(each.span), 'data-alone': alone ? '' : null },
        make('q', {}, spoken(each.text), each.cut ? make('small', {}, words.cut) : null),
        make('p', {}, each.pinned ? make('span', { class: 'wall-pin' }, words.pinned) : null,
            each.count > 1 ? make('span', {}, said(words.times, { n: each.count })) : null,
            each.nods ? [ovals(each.nods), said(words.nods, { n: each.nods })] : null));
}

function voices(each, words) {
    // On a wall of two columns a small card without another beside it takes the row.
    const small = each.voices.filter(one => one.span === 1);
    const alone = small.length % 2 ? small.at(-1) : null;
    return make('ul', { class: 'wall-cards', 'aria-label': each.caption }, each.voices.map(one => voice(one, words, one === alone)));
}

function themes(each) {
    const all = [...each.groups, ...each.themes, each.others].filter(one => one.count || one.before).slice(0, 7);
    const most = Math.max(1, ...all.flatMap(one => [one.count, one.before ?? 0]));
    const before = each.before_n != null;
    return make('ul', { class: 'wall-bars-list', 'data-many': '', 'aria-label': each.caption }, all.map(one =>
        make('li', { 'data-key': one.id, style: { '--w': `${(100 * one.count) / most}%` } },
            before && one.before !== null ? make('i', { class: 'wall-was', 'aria-hidden': 'true', style: { '--w': `${(100 * one.before) / most}%` } }) : null,
            make('span', {}, typed(one.name)),
            make('b', {}, before && one.before !== null ? make('small', {}, `${clear(one.before)} → `) : null, clear(one.count)))));
}

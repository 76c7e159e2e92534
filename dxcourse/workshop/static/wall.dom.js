// Makes elements from text only, and changes what stands into what should stand, in place:
// nothing flickers, and what a participant typed is never read as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name === 'style') {
            // Properties, not the attribute: a page's policy may forbid that.
            for (const [property, set] of Object.entries(value)) node.style.setProperty(property, set);
        } else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat().filter(child => child !== null && child !== undefined));
    return node;
}

/** Make an element; children are elements or text, nothing (null) is left out. */
export const make = (tag, attributes = {}, ...children) =>
    fill(document.createElement(tag), attributes, children);

/** Make an SVG element. */
export const draw = (tag, attributes = {}, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

/** What someone typed: its direction is its own, and turns nothing around it. */
export const typed = text => make('bdi', { dir: 'auto' }, text);

const LONGEST_WORD = 8; // characters that every line of a wall holds
const segments = Intl.Segmenter ? new Intl.Segmenter('ja', { granularity: 'word' }) : null;

/** What someone typed, to be read from afar: no line breaks within a word that a line holds. */
export function spoken(text) {
    if (!segments) return typed(text);
    const words = [];
    for (const { segment, isWordLike } of segments.segment(text)) {
        const last = words.at(-1);
        // What closes a word stays with it: no line begins with 「。」.
        if (!isWordLike && last && /^[\p{Pe}\p{Pf}\p{Po}ー]+$/u.test(segment) && [...last].length < LONGEST_WORD) words[words.length - 1] += segment;
        else words.push(segment);
    }
    return make('bdi', { dir: 'auto' }, words.map(word => {
        const n = [...word].length;
        return n > 1 && n <= LONGEST_WORD ? make('span', { class: 'wall-word' }, word) : word;
    }));
}

/** A page's title: one made on the spot may be long, and leaves room for what it is about. */
export const title = text => make('h1', { 'data-long': text.length > 44 ? 'very' : text.length > 19 ? 'rather' : null }, text);

/** Fill the fields of a word: `{n}人`. */
export const said = (word, fields = {}) =>
    word.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));

const keyOf = node => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null);
const alike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

/** Change `old` into `next`, keeping every node that stays; gives the node that stands now. */
export function become(old, next) {
    if (!alike(old, next)) {
        old.replaceWith(next);
        return next;
    }
    if (old.nodeType === Node.TEXT_NODE) {
        if (old.data !== next.data) old.data = next.data;
        return old;
    }
    for (const { name } of [...old.attributes]) {
        if (name !== 'style' && !next.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
        if (name !== 'style' && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    if (old.style.cssText !== next.style.cssText) old.style.cssText = next.style.cssText;
    children(old, next);
    return old;
}

function children(old, next) {
    const keyed = new Map([...old.childNodes].filter(keyOf).map(node => [keyOf(node), node]));
    let place = old.firstChild;
    for (const wanted of [...next.childNodes]) {
        const own = keyed.get(keyOf(wanted));
        if (own) {
            keyed.delete(keyOf(own));
            if (own !== place) old.insertBefore(own, place);
            place = become(own, wanted).nextSibling;
        } else if (place && !keyOf(place) && alike(place, wanted)) {
            place = become(place, wanted).nextSibling;
        } else {
            old.insertBefore(wanted, place);
        }
    }
    while (place) {
        const gone = place;
        place = place.nextSibling;
        gone.remove();
    }
}
